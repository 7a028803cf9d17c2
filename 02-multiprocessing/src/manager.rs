//! A server process owns a dict and a list, which other processes read and change.
//!
//! Ports: techniques slide 13 (names the manager)
//! Python → Rust: `Manager()` → `Manager::start()` · `manager.dict()` → `manager.dict()` ·
//! `shared[key] += 1`, two messages and a race → `update`, one message
//!
//! Every access is a message to the server and back, some hundred times slower than memory: for a few
//! values of any type that many processes share, not for numbers in a loop (`shared-counter`).
//!
//! Run: `cargo 02-multiprocessing manager --processes 4`

use anyhow::Result;
use multiprocessing::{Dict, List, Manager, Process, Tasks};
use tracing::info_span;

/// A server process owns a dict and a list
#[derive(clap::Args)]
pub struct Args {
    /// Processes that change them
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u32).range(1..=1000))]
    processes: u32,
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(visit);
}

pub fn run(args: &Args) -> Result<()> {
    let manager = Manager::start()?;
    let (visits, visitors) = (manager.dict()?, manager.list()?);
    let start = |number| Process::spawn(visit, (number, visits.clone(), visitors.clone()));
    let processes = (1..=args.processes).map(start).collect::<Result<Vec<_>, _>>()?;
    processes.into_iter().try_for_each(Process::join)?;
    let mut visitors = visitors.to_vec()?;
    visitors.sort_unstable();
    println!("Visits: {}", visits.get(&"all".into())?.unwrap_or(0));
    println!("Even numbers: {}", visits.get(&"even".into())?.unwrap_or(0));
    println!("Visitors: {visitors:?}");
    Ok(())
}

fn visit(
    number: u32,
    visits: Dict<String, u32>,
    visitors: List<u32>,
) -> multiprocessing::Result<()> {
    let _span = info_span!("visit", number).entered();
    let add_one = |count: Option<u32>| count.unwrap_or(0) + 1;
    visits.update(&"all".into(), add_one)?;
    if number.is_multiple_of(2) {
        visits.update(&"even".into(), add_one)?;
    }
    visitors.push(&number)
}
