//! Seven more ways in which threads wait for one another, a small file each.
//!
//! Extends: lock
//! Python → Rust: an exception inside `with lock` → a poisoned `Mutex` · none → `RwLock` · `Semaphore`, `Event` → a
//! dozen lines each, on `Condvar` · `Barrier` → `Barrier` · `functools.cache` → `OnceLock` · none → atomics
//!
//! The files are in `more_locks/`; each says what Python has. Nothing sleeps: barriers bring about what is
//! shown, counters check it. The standard library has no semaphore and no event for threads: here is how they are made.
//!
//! Run: `cargo 05-patterns more-locks`, or some of them: `cargo 05-patterns more-locks poisoning event`

mod atomic;
mod barrier;
mod event;
mod once;
mod poisoning;
mod rw_lock;
mod semaphore;
mod threads;

use anyhow::Result;
use clap::ValueEnum;

/// Semaphore, event, barrier and more, a few lines each
#[derive(clap::Args)]
pub struct Args {
    /// Which of them [default: all]
    kinds: Vec<Kind>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Poisoning,
    RwLock,
    Semaphore,
    Event,
    Barrier,
    Once,
    Atomic,
}

pub fn run(args: Args) -> Result<()> {
    let kinds = if args.kinds.is_empty() { Kind::value_variants() } else { &args.kinds };
    for kind in kinds {
        match kind {
            Kind::Poisoning => poisoning::show()?,
            Kind::RwLock => rw_lock::show()?,
            Kind::Semaphore => semaphore::show()?,
            Kind::Event => event::show()?,
            Kind::Barrier => barrier::show()?,
            Kind::Once => once::show()?,
            Kind::Atomic => atomic::show()?,
        }
    }
    Ok(())
}
