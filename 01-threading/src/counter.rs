//! Many threads add to one counter, and the sum is exact.
//!
//! Ports: introduction section 2 · slideshow slide 5
//! Python → Rust: `counter` beside `threading.Lock()` → `Arc<Mutex<u64>>`, the counter inside its lock
//!
//! In Python the lock is a convention: forget `with lock`, and the program still runs. In Rust there is no
//! way to the number but through its lock (`tests/refused/counter.rs`), which opens where what `lock` gave is
//! dropped, here at the end of the statement. `Arc` is a pointer that counts its copies: each thread has one,
//! and the counter lives until the last is gone. With no lock at all: `atomic`.
//!
//! Run: `cargo 01-threading counter --threads 2 --additions 100000`

use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::Result;
use tracing::info_span;

fn increment(counter: &Mutex<u64>, additions: u64) {
    let _span = info_span!("increment", additions).entered();
    for _ in 0..additions {
        *counter.lock().expect("no thread panics") += 1;
    }
}

/// Threads add to one counter under a lock
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
    let counter = Arc::new(Mutex::new(0));
    let mut threads = Vec::new();
    for _ in 0..args.threads {
        let counter = Arc::clone(&counter);
        threads.push(thread::spawn(move || increment(&counter, args.additions)));
    }
    for thread in threads {
        thread.join().expect("no thread panics");
    }
    println!("Counter value: {}", counter.lock().expect("no thread panics"));
    Ok(())
}
