//! A lock between processes that survives its holder. One of the files with `unsafe`.
#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::io;
use std::mem::MaybeUninit;
use std::time::Duration;

use nix::sys::time::TimeSpec;
use nix::time::{ClockId, clock_gettime};

use crate::error::{Error, Result};

/// How long to wait for a lock before looking whether it is free after all.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Turns of a spin loop before each look whether a lock is free; after the last one sleeps. Some 40 us in all.
const SPINS: [u32; 3] = [128, 256, 512];

/// A robust pthread mutex, which works between processes, says when its holder died, and notices a thread that locks it
/// twice.
#[repr(transparent)]
pub(super) struct Mutex(UnsafeCell<libc::pthread_mutex_t>);

/// How this thread came by the lock.
pub(super) enum Locked {
    /// Nobody had it.
    Free,
    /// A process or thread ended with it. It works again, but what it guards may be half changed.
    Left,
}

impl Mutex {
    /// An ordinary one, until [`init`](Mutex::init) is called where it lies.
    pub const fn new() -> Mutex {
        Mutex(UnsafeCell::new(libc::PTHREAD_MUTEX_INITIALIZER))
    }

    /// Makes it robust, and one between processes.
    ///
    /// # Safety
    /// Nobody has used it yet, and it is not moved from now on.
    pub unsafe fn init(&self) -> Result<()> {
        let mut kind = MaybeUninit::<libc::pthread_mutexattr_t>::uninit();
        let kind = kind.as_mut_ptr();
        // SAFETY: `kind` is initialised by the first call, used by the next ones and destroyed by the last; that the mutex
        // may be initialised is the caller's promise.
        let codes = unsafe {
            [
                libc::pthread_mutexattr_init(kind),
                libc::pthread_mutexattr_setpshared(kind, libc::PTHREAD_PROCESS_SHARED),
                libc::pthread_mutexattr_setrobust(kind, libc::PTHREAD_MUTEX_ROBUST),
                libc::pthread_mutexattr_settype(kind, libc::PTHREAD_MUTEX_ERRORCHECK),
                libc::pthread_mutex_init(self.0.get(), kind),
                libc::pthread_mutexattr_destroy(kind),
            ]
        };
        match codes.into_iter().find(|&code| code != 0) {
            None => Ok(()),
            Some(code) => Err(failed("make a lock", code)),
        }
    }

    /// Waits for the lock.
    ///
    /// # Errors
    /// [`Error::Deadlock`] if this thread has it.
    #[inline]
    pub fn lock(&self) -> Result<Locked> {
        match self.attempt() {
            0 => Ok(Locked::Free),
            code => self.lock_after(code),
        }
    }

    /// What follows an attempt that did not simply succeed.
    #[cold]
    fn lock_after(&self, code: libc::c_int) -> Result<Locked> {
        match code {
            libc::EBUSY => self.wait(),
            code => self.locked(code),
        }
    }

    /// Takes the lock if it is free; not if this thread has it.
    pub fn try_lock(&self) -> Result<Option<Locked>> {
        match self.attempt() {
            libc::EBUSY | libc::EDEADLK => Ok(None),
            code => self.locked(code).map(Some),
        }
    }

    /// # Safety
    /// This thread has the lock, and no longer relies on having it.
    #[inline]
    pub unsafe fn unlock(&self) {
        // SAFETY: an initialised mutex, locked by this thread.
        unsafe { libc::pthread_mutex_unlock(self.0.get()) };
    }

    #[inline]
    fn attempt(&self) -> libc::c_int {
        // SAFETY: an initialised mutex.
        unsafe { libc::pthread_mutex_trylock(self.0.get()) }
    }

    /// Waits for the lock, and looks again now and then: a process killed after it has unlocked and before it has woken
    /// us takes the waking along, if a third one locks in between. The kernel mends that only where none does.
    ///
    /// Before that it keeps out of the way for a few microseconds, longer each time: the other goes on faster if nobody
    /// else writes to the lock, and that is a quarter of the time for both.
    fn wait(&self) -> Result<Locked> {
        for spins in SPINS {
            (0..spins).for_each(|_| std::hint::spin_loop());
            match self.attempt() {
                libc::EBUSY => {}
                code => return self.locked(code),
            }
        }
        loop {
            let now =
                clock_gettime(ClockId::CLOCK_REALTIME).map_err(Error::system("read the clock"))?;
            let until = now + TimeSpec::from_duration(LOOK_AGAIN);
            // SAFETY: an initialised mutex, and a valid time.
            match unsafe { libc::pthread_mutex_timedlock(self.0.get(), until.as_ref()) } {
                libc::ETIMEDOUT => {}
                code => return self.locked(code),
            }
        }
    }

    fn locked(&self, code: libc::c_int) -> Result<Locked> {
        match code {
            0 => Ok(Locked::Free),
            libc::EOWNERDEAD => {
                // SAFETY: we hold this robust mutex after EOWNERDEAD (pthread_mutex_consistent(3)).
                unsafe { libc::pthread_mutex_consistent(self.0.get()) };
                Ok(Locked::Left)
            }
            libc::EDEADLK => Err(Error::Deadlock),
            code => Err(failed("lock shared memory", code)),
        }
    }
}

fn failed(doing: &'static str, code: libc::c_int) -> Error {
    Error::System { doing, reason: io::Error::from_raw_os_error(code) }
}
