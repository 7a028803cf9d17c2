//! So many threads at a time. Python: `with Semaphore(3):`; the standard library has none.

use std::{
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

use anyhow::{Result, ensure};

use super::threads::{THREADS, in_threads};

struct Semaphore {
    permits: Mutex<usize>,
    freed: Condvar,
}

/// Given back when it is dropped: also by a `return`, by `?`, or by a panic.
struct Permit<'a>(&'a Semaphore);

impl Semaphore {
    /// Waits for a permit. `wait_while` looks again each time it wakes up: another may be faster.
    fn acquire(&self) -> Permit<'_> {
        let permits = self.permits.lock().unwrap_or_else(PoisonError::into_inner);
        let permits = self.freed.wait_while(permits, |permits| *permits == 0);
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

pub fn show() -> Result<()> {
    let semaphore = Semaphore { permits: Mutex::new(3), freed: Condvar::new() };
    let (inside, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    in_threads(2 * THREADS, |_| {
        let _permit = semaphore.acquire();
        most.fetch_max(inside.fetch_add(1, Relaxed) + 1, Relaxed);
        thread::yield_now();
        inside.fetch_sub(1, Relaxed);
    })?;
    ensure!(most.into_inner() <= 3, "more than 3 threads were inside");
    println!("semaphore: {} threads, never more than 3 at once", 2 * THREADS);
    Ok(())
}
