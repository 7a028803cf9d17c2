//! Python's `threading.Semaphore`.

use std::sync::{Condvar, Mutex, PoisonError};

/// So many permits.
pub struct Semaphore {
    permits: Mutex<usize>,
    freed: Condvar,
}

/// A permit, given back when it is dropped: also by a `return`, by `?`, or by a panic.
pub struct Permit<'a>(&'a Semaphore);

impl Semaphore {
    pub fn new(permits: usize) -> Self {
        Self { permits: Mutex::new(permits), freed: Condvar::new() }
    }

    /// Waits for a permit. `wait_while` looks again each time it wakes up: another may be faster.
    pub fn acquire(&self) -> Permit<'_> {
        let permits = self.permits.lock().unwrap_or_else(PoisonError::into_inner);
        let none_left = |permits: &mut usize| *permits == 0;
        let permits = self.freed.wait_while(permits, none_left);
        *permits.unwrap_or_else(PoisonError::into_inner) -= 1;
        Permit(self)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.permits.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}
