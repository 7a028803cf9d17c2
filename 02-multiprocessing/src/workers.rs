//! Workers that are processes, each with memory of its own: three waits of two seconds take two seconds.
//!
//! Ports: approaches slide 5
//! Python → Rust: `Process(target=worker, args=(i,))` and `start` → `Process::spawn(worker, (i,))` · `join` → `join`
//!
//! A process is this very program, started again: of a function only the name travels, and `register` says which a
//! process may run. Arguments travel as bytes. Python's `join` is silent about a failure; here it is an error.
//!
//! Run: `cargo 02-multiprocessing workers A B`
//! Lines of different workers may swap.

use anyhow::Result;
use multiprocessing::{Process, Tasks};
use tracing::info_span;

fn worker(name: String) {
    let _span = info_span!("worker", name).entered();
    println!("Worker {name} starting");
    std::thread::sleep(lab::seconds(2.0));
    println!("Worker {name} finished");
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(worker);
}

/// Workers that are processes wait side by side
#[derive(clap::Args)]
pub struct Args {
    /// Name of each worker
    #[arg(default_values = ["0", "1", "2"])]
    names: Vec<String>,
}

pub fn run(args: Args) -> Result<()> {
    let mut processes = Vec::new();
    for name in args.names {
        processes.push(Process::spawn(worker, (name,))?);
    }
    for process in processes {
        process.join()?;
    }
    println!("All workers finished");
    Ok(())
}
