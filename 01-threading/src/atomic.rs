//! Many threads add to one counter, exact without a lock.
//!
//! Extends: counter
//! Python → Rust: no counterpart → `AtomicU64`
//!
//! The processor adds in one step, so no other thread can come in between; Python has no such number, its twin
//! here takes a lock. `Relaxed`: nothing but this number is told from thread to thread, so the order in which other
//! memory is seen does not matter. All else is as in `counter`.
//!
//! Run: `cargo 01-threading atomic --threads 2 --additions 100000`

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

use anyhow::Result;
use tracing::info_span;

fn increment(counter: &AtomicU64, additions: u64) {
    let _span = info_span!("increment", additions).entered();
    for _ in 0..additions {
        counter.fetch_add(1, Relaxed);
    }
}

/// Threads add to one counter that needs no lock
#[derive(clap::Args)]
pub struct Args {
    /// Threads that add
    #[arg(long, default_value = "100", value_parser = clap::value_parser!(u32).range(1..=1000))]
    threads: u32,
    /// How often each thread adds 1
    #[arg(long, default_value = "1", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    additions: u64,
}

pub fn run(args: Args) -> Result<()> {
    let counter = Arc::new(AtomicU64::new(0));
    let mut threads = Vec::new();
    for _ in 0..args.threads {
        let counter = Arc::clone(&counter);
        threads.push(thread::spawn(move || increment(&counter, args.additions)));
    }
    for thread in threads {
        thread.join().expect("no thread panics");
    }
    println!("Counter value: {}", counter.load(Relaxed));
    Ok(())
}
