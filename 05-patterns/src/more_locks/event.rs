//! Something happens once, and any number of threads wait for it. Python: `event.wait()`,
//! `event.set()`; the standard library has none.

use std::sync::{
    Barrier, Condvar, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use anyhow::Result;

use super::threads::{THREADS, in_threads};

#[derive(Default)]
struct Event {
    happened: Mutex<bool>,
    changed: Condvar,
}

impl Event {
    /// The flag, not the wake-up, says that it has happened: a thread that comes late does not wait,
    /// and one that wakes up for no reason (POSIX allows that) waits on.
    fn wait(&self) {
        let happened = self.happened.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.changed.wait_while(happened, |happened| !*happened));
    }

    fn set(&self) {
        *self.happened.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }
}

pub fn show() -> Result<()> {
    let (event, all_there) = (Event::default(), Barrier::new(THREADS + 1));
    let done = AtomicBool::new(false);
    in_threads(THREADS + 1, |number| {
        all_there.wait();
        if number == THREADS {
            done.store(true, Relaxed); // the lock inside the event makes it seen
            event.set();
        } else {
            event.wait();
            assert!(done.load(Relaxed), "the event came before it was set");
        }
    })?;
    println!("event: {THREADS} threads waited, one set let them all go");
    Ok(())
}
