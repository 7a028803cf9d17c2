//! Threads that know their names, and a main thread that says that it waits for them.
//!
//! Ports: slideshow slide 1 · comparison section 1
//! Python → Rust: `threading.current_thread().name` → `thread::current().name()` · `Thread(name=…)` →
//! `thread::Builder::new().name(…)`
//!
//! Python names each thread, `Thread-1 (worker)` and so on; in Rust one that got no name has none. `thread::spawn` is
//! a `Builder` without a name, and panics where the system has no thread left: the builder's `spawn` gives an error.
//!
//! Run: `cargo 01-threading thread-names --workers 3`
//! Lines of different workers may swap.

use std::thread;

use anyhow::{Context, Result};
use tracing::info_span;

fn worker(wait: f64) {
    let thread = thread::current();
    let name = thread.name().unwrap_or("without a name");
    let _span = info_span!("worker", name).entered();
    println!("Worker thread started: {name}");
    thread::sleep(lab::seconds(wait));
    println!("Worker thread finished: {name}");
}

/// Threads that know their names
#[derive(clap::Args)]
pub struct Args {
    /// Threads to start
    #[arg(long, default_value = "2", value_parser = clap::value_parser!(u32).range(1..=1000))]
    workers: u32,
    /// Seconds that each one waits
    #[arg(long, default_value = "2", value_parser = lab::args::seconds)]
    wait: f64,
}

pub fn run(args: Args) -> Result<()> {
    let mut threads = Vec::new();
    for number in 1..=args.workers {
        let name = format!("Thread-{number} (worker)");
        let thread = thread::Builder::new().name(name).spawn(move || worker(args.wait));
        threads.push(thread.with_context(|| format!("cannot start thread {number}"))?);
    }
    println!("Main thread waiting for worker threads to finish...");
    for thread in threads {
        thread.join().expect("no worker panics");
    }
    println!("All worker threads have finished.");
    Ok(())
}
