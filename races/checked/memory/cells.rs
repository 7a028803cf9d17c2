//! Values behind locks that survive their holders.

use std::{
    cell::Cell as Flag,
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::panicking,
};

use crate::{
    error::{Error, Result},
    memory::plain::Plain,
    process::{self, Object},
    travel::descriptor::Descriptor,
};

/// Some values, each with its lock.
#[derive(Debug)]
pub(crate) struct Cells<T> {
    pub descriptor: Descriptor,
    cells: Vec<Cell<T>>,
}

#[derive(Debug)]
struct Cell<T> {
    lock: Arc<Object<Lock>>,
    /// Only locked by who holds `lock`: nobody ever waits here.
    value: Mutex<T>,
}

#[derive(Debug, Default)]
struct Lock {
    is_held: bool,
    /// Whether a process was killed that held it, and nobody has recovered it.
    is_left: bool,
}

impl<T: Plain> Cells<T> {
    pub fn create(count: usize, value: T) -> Result<Cells<T>> {
        let cell = || Cell { lock: Object::new(Lock::default()), value: Mutex::new(value) };
        Ok(Cells { descriptor: Descriptor, cells: (0..count).map(|_| cell()).collect() })
    }

    pub fn open(descriptor: Descriptor) -> Result<Cells<T>> {
        unreachable!("{descriptor:?} does not travel here")
    }

    pub fn count(&self) -> usize {
        self.cells.len()
    }

    pub fn lock(&self, index: usize) -> Result<Guard<'_, T>> {
        // A destructor that would not run: this process is just being killed.
        if panicking() {
            return Err(Error::Closed);
        }
        let cell = &self.cells[index];
        Ok(cell.guard(cell.lock.call(Lock::take)))
    }

    pub fn try_lock(&self, index: usize) -> Result<Option<Guard<'_, T>>> {
        let cell = &self.cells[index];
        let taken = cell.lock.call(|lock| Some(lock.take()));
        Ok(taken.map(|is_left| cell.guard(is_left)))
    }
}

impl Lock {
    /// Takes it if it is free. Whether it was left.
    fn take(&mut self) -> Option<bool> {
        let is_free = !self.is_held;
        self.is_held = true;
        is_free.then_some(self.is_left)
    }
}

impl<T> Cell<T> {
    fn guard(&self, is_left: bool) -> Guard<'_, T> {
        let value = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        Guard { value, held: Held(Arc::clone(&self.lock)), is_left: Flag::new(is_left) }
    }
}

/// The lock of one value, held until dropped.
#[derive(Debug)]
pub struct Guard<'a, T> {
    // Dropped in this order: the value is free before its lock is.
    value: MutexGuard<'a, T>,
    held: Held,
    is_left: Flag<bool>,
}

#[derive(Debug)]
struct Held(Arc<Object<Lock>>);

impl<T> Guard<'_, T> {
    pub(crate) fn dead(&self) -> Option<u32> {
        self.is_left.get().then_some(0)
    }

    pub(crate) fn recover(&self) {
        self.is_left.set(false);
        self.held.0.change(|lock| lock.is_left = false);
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        process::step();
        &mut self.value
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        if !panicking() {
            process::step();
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let (lock, is_left) = (Arc::clone(&self.0), panicking());
        process::close(move || {
            lock.change(|lock| {
                lock.is_held = false;
                lock.is_left |= is_left;
            });
        });
    }
}
