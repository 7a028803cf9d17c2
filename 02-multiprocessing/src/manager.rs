//! A server process owns a dict and a list, which other processes read and change.
//!
//! Ports: techniques slide 13 (names the manager)
//! Python → Rust: `Manager()` → `Manager::start()` · `manager.dict()` → `manager.dict()` · `d[key] += 1` → `update`
//!
//! Each access is a message to the server and back: for a few values of any type, not for a number in a loop
//! (`shared-counter`). Python's `+=` is two of them, and a race without a lock; `update` tries again if it lost one.
//!
//! Run: `cargo 02-multiprocessing manager --processes 4`

use anyhow::Result;
use multiprocessing::{Dict, List, Manager, Process, Tasks};
use tracing::info_span;

fn visit(
    number: u32,
    visits: Dict<String, u32>,
    visitors: List<u32>,
) -> multiprocessing::Result<()> {
    let _span = info_span!("visit", number).entered();
    visits.update(&"all".into(), |count| count.unwrap_or(0) + 1)?;
    if number.is_multiple_of(2) {
        visits.update(&"even".into(), |count| count.unwrap_or(0) + 1)?;
    }
    visitors.push(&number)
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(visit);
}

/// A server process owns a dict and a list
#[derive(clap::Args)]
pub struct Args {
    /// Processes that change them
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u32).range(1..=1000))]
    processes: u32,
}

pub fn run(args: Args) -> Result<()> {
    let manager = Manager::start()?;
    let visits = manager.dict()?;
    let visitors = manager.list()?;
    let mut processes = Vec::new();
    for number in 1..=args.processes {
        processes.push(Process::spawn(visit, (number, visits.clone(), visitors.clone()))?);
    }
    for process in processes {
        process.join()?;
    }
    let mut visitors = visitors.to_vec()?;
    visitors.sort_unstable();
    println!("Visits: {}", visits.get(&"all".into())?.unwrap_or(0));
    println!("Even numbers: {}", visits.get(&"even".into())?.unwrap_or(0));
    println!("Visitors: {visitors:?}");
    Ok(())
}
