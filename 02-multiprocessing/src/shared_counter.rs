//! A number in memory that several processes share, with its lock in the same place.
//!
//! Ports: approaches slide 7 · introduction section 6
//! Python → Rust: `Value('i', 0)` and `Lock()` → `Shared::new(0)` · `with lock: counter.value += 1` →
//! `*counter.lock()? += 1` · `Semaphore(3)` → `Semaphore::new(3)`
//!
//! The lock is in the value, as with `Mutex`. If a process dies while it holds the lock, CPython's
//! others wait for ever; here the next one is told (`OwnerDied`) and can look at what was left. A
//! permit of a semaphore whose holder dies is given back.
//!
//! Run: `cargo 02-multiprocessing shared-counter --processes 100 --additions 1 --words introduction`

use anyhow::{Result, ensure};
use multiprocessing::{Process, Semaphore, Shared, Tasks};
use tracing::info_span;

/// A number in shared memory under a lock
#[derive(clap::Args)]
pub struct Args {
    /// Processes that add
    #[arg(long, default_value = "2", value_parser = clap::value_parser!(u32).range(1..=1000))]
    processes: u32,
    /// How often each process adds 1
    #[arg(long, default_value = "10000", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    additions: u64,
    /// Let only so many processes add at a time, by a semaphore
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    at_once: Option<u16>,
    /// Whose printed lines to use
    #[arg(long, default_value = "approaches")]
    words: Words,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Words {
    Approaches,
    Introduction,
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(increment);
}

pub fn run(args: &Args) -> Result<()> {
    let counter = Shared::new(0_u64)?;
    // How many are adding now, and how many were at most.
    let inside = Shared::new((0_u32, 0_u32))?;
    let semaphore = args.at_once.map(|permits| Semaphore::new(permits.into())).transpose()?;
    let start = |_| {
        let shared = (counter.clone(), inside.clone(), semaphore.clone(), args.additions);
        Process::spawn(increment, shared)
    };
    let processes = (0..args.processes).map(start).collect::<Result<Vec<_>, _>>()?;
    processes.into_iter().try_for_each(Process::join)?;
    let value = counter.get()?;
    match args.words {
        Words::Approaches => println!("Final counter value: {value}"),
        Words::Introduction => println!("Counter value: {value}"),
    }
    if let Some(permits) = args.at_once {
        let (_, most) = inside.get()?;
        ensure!(most <= permits.into(), "{most} processes were adding at once, not {permits}");
        println!("Never more than {permits} processes at once");
    }
    Ok(())
}

fn increment(
    counter: Shared<u64>,
    inside: Shared<(u32, u32)>,
    semaphore: Option<Semaphore>,
    additions: u64,
) -> multiprocessing::Result<()> {
    let _span = info_span!("increment", additions).entered();
    let _permit = semaphore.as_ref().map(Semaphore::acquire).transpose()?;
    enter(&mut *inside.lock()?);
    for _ in 0..additions {
        *counter.lock()? += 1;
    }
    inside.lock()?.0 -= 1;
    Ok(())
}

fn enter((now, most): &mut (u32, u32)) {
    *now += 1;
    *most = (*most).max(*now);
}
