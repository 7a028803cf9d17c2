//! Threads, locks and time of the checker, with the names and the calls of `02-multiprocessing/library/sync.rs`.

use std::{
    cell::Cell,
    ops::{Add, Deref, DerefMut},
    sync::PoisonError,
    time::Duration,
};

use shuttle::sync::{self, MutexGuard};
pub(crate) use shuttle::sync::{atomic::AtomicBool, mpsc};

use crate::{error::Result, process::lot};

pub(crate) mod thread {
    pub(crate) use std::thread::available_parallelism;

    pub(crate) use shuttle::thread::{Builder, JoinHandle};

    /// Nothing: others may go on at the next lock anyhow, and the checker would never again let this thread overtake.
    pub(crate) fn yield_now() {}
}

/// parking_lot's: no panic poisons it.
#[derive(Debug, Default)]
pub(crate) struct Mutex<T>(sync::Mutex<T>);

pub(crate) struct Guard<'a, T>(Option<MutexGuard<'a, T>>);

#[derive(Debug, Default)]
pub(crate) struct Condvar(sync::Condvar);

impl<T> Mutex<T> {
    pub fn new(value: T) -> Mutex<T> {
        Mutex(sync::Mutex::new(value))
    }

    pub fn lock(&self) -> Guard<'_, T> {
        Guard(Some(self.0.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("it is only away within `wait`")
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect("it is only away within `wait`")
    }
}

impl Condvar {
    pub fn wait<T>(&self, guard: &mut Guard<'_, T>) {
        let held = guard.0.take().expect("it is only away within `wait`");
        guard.0 = Some(self.0.wait(held).unwrap_or_else(PoisonError::into_inner));
    }

    pub fn notify_all(&self) {
        self.0.notify_all();
    }
}

thread_local! {
    /// It only goes on, also from one run to the next.
    static NOW: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// A time, after which it is by lot how much passes until the next: nothing, enough for somebody to look no longer, or
/// to be slow.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub(crate) struct Instant(Duration);

impl Instant {
    pub fn now() -> Instant {
        let passed = [Duration::ZERO, Duration::from_micros(30), Duration::from_millis(30)];
        NOW.set(NOW.get() + passed[lot(passed.len())]);
        Instant(NOW.get())
    }

    pub fn elapsed(self) -> Duration {
        Instant::now().0 - self.0
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;

    fn add(self, time: Duration) -> Instant {
        Instant(self.0 + time)
    }
}

/// A coarse clock, which may have moved on or not.
pub(crate) fn tick() -> Result<i64> {
    Ok(lot(2) as i64)
}
