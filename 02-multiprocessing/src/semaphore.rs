//! Many processes add to one number, and a semaphore lets only a few of them in at a time.
//!
//! Extends: shared-counter
//! Python → Rust: `with Semaphore(3):` → `Semaphore::new(3)`, and the permit that `acquire` gives
//!
//! The permit goes back when it is dropped, at the end of the function, also by `?` or a panic; that of a process that
//! is killed is given back too, where CPython's is lost. A second shared value counts who is inside, to prove it.
//!
//! Run: `cargo 02-multiprocessing semaphore --processes 100 --at-once 10`

use anyhow::{Result, ensure};
use multiprocessing::{Process, Semaphore, Shared, Tasks};
use tracing::info_span;

/// How many processes are inside, and how many were at most.
type Inside = Shared<(u16, u16)>;

fn increment(
    counter: Shared<u64>,
    inside: Inside,
    semaphore: Semaphore,
    additions: u64,
) -> multiprocessing::Result<()> {
    let _permit = semaphore.acquire()?;
    let _span = info_span!("increment", additions).entered();
    {
        let mut inside = inside.lock()?;
        inside.0 += 1;
        inside.1 = inside.1.max(inside.0);
    }
    for _ in 0..additions {
        *counter.lock()? += 1;
    }
    inside.lock()?.0 -= 1;
    Ok(())
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(increment);
}

/// A semaphore lets a few processes in at a time
#[derive(clap::Args)]
pub struct Args {
    /// Processes that add
    #[arg(long, default_value = "12", value_parser = clap::value_parser!(u32).range(1..=1000))]
    processes: u32,
    /// How often each process adds 1
    #[arg(long, default_value = "1000", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    additions: u64,
    /// How many may add at a time
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u16).range(1..=1000))]
    at_once: u16,
}

pub fn run(args: Args) -> Result<()> {
    let counter = Shared::new(0)?;
    let inside = Inside::new((0, 0))?;
    let semaphore = Semaphore::new(args.at_once.into())?;
    let mut processes = Vec::new();
    for _ in 0..args.processes {
        let shared = (counter.clone(), inside.clone(), semaphore.clone(), args.additions);
        processes.push(Process::spawn(increment, shared)?);
    }
    for process in processes {
        process.join()?;
    }
    println!("Final counter value: {}", counter.get()?);
    let (_, most) = inside.get()?;
    ensure!(most <= args.at_once, "{most} processes were adding at once, not {}", args.at_once);
    println!("Never more than {} processes at once", args.at_once);
    Ok(())
}
