//! A number in memory that several processes share, exact under its lock.
//!
//! Ports: approaches slide 7 · introduction section 6
//! Python → Rust: `Value('i', 0)` beside `Lock()` → `Shared::new(0)`, the number inside its lock ·
//! `with lock: counter.value += 1` → `*counter.lock()? += 1`
//!
//! As `Mutex` in lesson 01's `counter`; `clone` makes another handle, which travels to the process. If a process dies
//! while it holds the lock, CPython's others wait for ever; here the next to lock is told so, and `?` passes it on.
//!
//! Run: `cargo 02-multiprocessing shared-counter --processes 100 --additions 1`

use anyhow::Result;
use multiprocessing::{Process, Shared, Tasks};
use tracing::info_span;

fn increment(counter: Shared<u64>, additions: u64) -> multiprocessing::Result<()> {
    let _span = info_span!("increment", additions).entered();
    for _ in 0..additions {
        *counter.lock()? += 1;
    }
    Ok(())
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(increment);
}

/// A number in shared memory under a lock
#[derive(clap::Args)]
pub struct Args {
    /// Processes that add
    #[arg(long, default_value = "2", value_parser = clap::value_parser!(u32).range(1..=1000))]
    processes: u32,
    /// How often each process adds 1
    #[arg(long, default_value = "10000", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    additions: u64,
}

pub fn run(args: Args) -> Result<()> {
    let counter = Shared::new(0)?;
    let mut processes = Vec::new();
    for _ in 0..args.processes {
        processes.push(Process::spawn(increment, (counter.clone(), args.additions))?);
    }
    for process in processes {
        process.join()?;
    }
    println!("Final counter value: {}", counter.get()?);
    Ok(())
}
