//! Many threads add to one counter, and the sum is exact.
//!
//! Ports: introduction section 2 · slideshow slide 5
//! Python → Rust: `counter` beside `threading.Lock()` → the counter inside a `Mutex` · no
//! counterpart → `AtomicU64`
//!
//! In Python the lock is a convention: forget `with lock`, and the program still runs. In Rust the
//! number lives inside its lock; without one it does not compile (`tests/refused/counter.rs`). The
//! lock opens when its guard goes out of scope, here at the end of the statement.
//! An atomic needs no lock: the processor adds in one step.
//!
//! Run: `cargo 01-threading counter --threads 2 --additions 100000 --words slideshow`

use std::{
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use anyhow::Result;
use tracing::info_span;

/// Threads add to one counter, exactly
#[derive(clap::Args)]
pub struct Args {
    /// Threads that add
    #[arg(long, default_value = "100", value_parser = clap::value_parser!(u32).range(1..=1000))]
    threads: u32,
    /// How often each thread adds 1
    #[arg(long, default_value = "1", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    additions: u64,
    /// What keeps the counter exact
    #[arg(long, default_value = "mutex")]
    with: With,
    /// Whose printed lines to use
    #[arg(long, default_value = "introduction")]
    words: Words,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum With {
    Mutex,
    Atomic,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Words {
    Introduction,
    Slideshow,
}

pub fn run(args: &Args) -> Result<()> {
    let value = match args.with {
        With::Mutex => {
            let counter = Mutex::new(0);
            in_threads(args, || *counter.lock().expect("no thread panics") += 1);
            counter.into_inner()?
        }
        With::Atomic => {
            let counter = AtomicU64::new(0);
            in_threads(args, || _ = counter.fetch_add(1, Ordering::Relaxed));
            counter.into_inner()
        }
    };
    match args.words {
        Words::Introduction => println!("Counter value: {value}"),
        Words::Slideshow => println!("Final counter value: {value}"),
    }
    Ok(())
}

/// Calls `increment` as often as `args` say, in each of their threads.
fn in_threads(args: &Args, increment: impl Fn() + Sync) {
    let work = || {
        let _span = info_span!("increment", additions = args.additions).entered();
        (0..args.additions).for_each(|_| increment());
    };
    thread::scope(|scope| {
        for _ in 0..args.threads {
            scope.spawn(work);
        }
    });
}
