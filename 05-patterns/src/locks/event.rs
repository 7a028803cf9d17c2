//! Python's `threading.Event`.

use std::sync::{Condvar, Mutex, PoisonError};

/// Something that happens once, and that any number of threads wait for.
#[derive(Default)]
pub struct Event {
    happened: Mutex<bool>,
    changed: Condvar,
}

impl Event {
    /// Waits until it has happened. The flag, not the wake-up, says so: a thread that comes late
    /// does not wait, and one that wakes up for no reason (POSIX allows that) waits on.
    pub fn wait(&self) {
        let happened = self.happened.lock().unwrap_or_else(PoisonError::into_inner);
        let _happened = self.changed.wait_while(happened, |happened| !*happened);
    }

    /// Lets all go that wait, and all that come later.
    pub fn set(&self) {
        *self.happened.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }
}
