//! Processes that know their names.
//!
//! Ports: comparison section 2
//! Python → Rust: `multiprocessing.current_process().name` → `multiprocessing::current_name()`
//!
//! Each process has a name, as in Python: `Process-1` and so on, or one of its own by `Process::spawn_named`. It is in
//! errors, and the system's `ps` and `top` show it. Threads get none by themselves (lesson 01, `thread-names`).
//!
//! Run: `cargo 02-multiprocessing process-names --workers 3`
//! Lines of different workers may swap.

use anyhow::Result;
use multiprocessing::{Process, Tasks};
use tracing::info_span;

fn worker() {
    let name = multiprocessing::current_name();
    let _span = info_span!("worker", name).entered();
    println!("Process {name} is running");
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(worker);
}

/// Processes that know their names
#[derive(clap::Args)]
pub struct Args {
    /// Processes to start
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u32).range(1..=1000))]
    workers: u32,
}

pub fn run(args: Args) -> Result<()> {
    let mut processes = Vec::new();
    for _ in 0..args.workers {
        processes.push(Process::spawn(worker, ())?);
    }
    for process in processes {
        process.join()?;
    }
    println!("All processes have completed");
    Ok(())
}
