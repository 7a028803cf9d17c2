//! Eight ways in which threads wait for one another, a small file each.
//!
//! Ports: techniques slide 12 · approaches slide 13 (its text)
//! Python → Rust: `Lock` → `Mutex` · an exception inside `with lock` → a poisoned `Mutex` · none →
//! `RwLock` · `Semaphore`, `Event` → a dozen lines each, on `Condvar` · `Barrier` → `Barrier` ·
//! `functools.cache` → `OnceLock` · none → atomics
//!
//! The files are in `locks/`; each begins with what Python calls it. A lock here owns what it guards,
//! and opens when its guard goes out of scope. Nothing sleeps: barriers bring about what is shown,
//! counters check it.
//!
//! Run: `cargo 05-patterns locks`, or some of them: `cargo 05-patterns locks poisoning event`

mod atomic;
mod barrier;
mod event;
mod mutex;
mod once;
mod poisoning;
mod rw_lock;
mod semaphore;

use std::thread;

use anyhow::Result;
use clap::ValueEnum;
use tracing::info_span;

/// Lock, semaphore, event, barrier and more, a few lines each
#[derive(clap::Args)]
pub struct Args {
    /// Which of them [default: all]
    kinds: Vec<Kind>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Mutex,
    Poisoning,
    RwLock,
    Semaphore,
    Event,
    Barrier,
    Once,
    Atomic,
}

const THREADS: usize = 4;

pub fn run(args: &Args) -> Result<()> {
    let kinds = if args.kinds.is_empty() { Kind::value_variants() } else { &args.kinds };
    kinds.iter().try_for_each(|kind| match kind {
        Kind::Mutex => mutex::show(),
        Kind::Poisoning => poisoning::show(),
        Kind::RwLock => rw_lock::show(),
        Kind::Semaphore => semaphore::show(),
        Kind::Event => event::show(),
        Kind::Barrier => barrier::show(),
        Kind::Once => once::show(),
        Kind::Atomic => atomic::show(),
    })
}

/// Runs `work` in so many threads, each with its number, and waits for them all.
fn in_threads(threads: usize, work: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for number in 0..threads {
            let work = &work;
            scope.spawn(move || info_span!("thread", number).in_scope(|| work(number)));
        }
    });
}
