//! A number that the processor changes in one step. Python has none: `+=` needs a lock.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use anyhow::Result;

use super::threads::{THREADS, in_threads};

pub fn show() -> Result<()> {
    let counter = AtomicUsize::new(0);
    in_threads(THREADS, |_| (0..1000).for_each(|_| _ = counter.fetch_add(1, Relaxed)))?;
    println!("atomic: {} additions by {THREADS} threads", counter.into_inner());
    Ok(())
}
