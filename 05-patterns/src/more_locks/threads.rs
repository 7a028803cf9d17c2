//! Threads that do the same work at the same time.

use std::{
    sync::{PoisonError, RwLock},
    thread,
};

use anyhow::{Context, Result};
use tracing::info_span;

pub const THREADS: usize = 4;

/// Runs `work` in so many threads, each with its number, and waits for them all. None begins before all are there: if
/// one cannot be started, the others shall not wait for it.
pub fn in_threads(threads: usize, work: impl Fn(usize) + Sync) -> Result<()> {
    let all_there = RwLock::new(false);
    thread::scope(|scope| {
        let mut last = all_there.write().unwrap_or_else(PoisonError::into_inner);
        for number in 0..threads {
            let (work, all_there) = (&work, &all_there);
            let start = move || {
                if *all_there.read().unwrap_or_else(PoisonError::into_inner) {
                    info_span!("thread", number).in_scope(|| work(number));
                }
            };
            let started = thread::Builder::new().spawn_scoped(scope, start);
            started.with_context(|| format!("cannot start thread {number}"))?;
        }
        *last = true;
        Ok(())
    })
}
