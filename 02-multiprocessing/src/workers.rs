//! Each worker is a process: its own memory, its own name, and an exit code that is checked.
//!
//! Ports: approaches slide 5 · introduction section 5 · comparison section 2
//! Python → Rust: `Process(target=worker, args=(i,))` → `Process::spawn(worker, (i,))` · `join` and a
//! look at `exitcode` → `join`
//!
//! A worker is this program executed again, so what it gets is sent, not shared: the function must
//! be in the table of `main.rs`, its arguments must be data. Python's `join` is silent when a worker
//! fails; here it is an error that says which one, and why.
//!
//! Run: `cargo 02-multiprocessing workers 0 1 2 3 4 --wait 0 --words introduction`; `--fail 1`
//! Lines of different workers may swap.

use std::thread;

use anyhow::{Result, ensure};
use multiprocessing::{Process, Tasks};
use serde::{Deserialize, Serialize};
use tracing::info_span;

/// Processes side by side, named and joined
#[derive(clap::Args)]
pub struct Args {
    /// Number of each worker
    #[arg(default_values = ["0", "1", "2"])]
    numbers: Vec<u32>,
    /// Seconds that each one waits
    #[arg(long, default_value = "2", value_parser = lab::args::seconds)]
    wait: f64,
    /// Number of a worker that panics
    #[arg(long)]
    fail: Option<u32>,
    /// Whose printed lines to use
    #[arg(long, default_value = "approaches")]
    words: Words,
}

#[derive(Clone, Copy, Deserialize, Serialize, clap::ValueEnum)]
enum Words {
    Approaches,
    Introduction,
    Comparison,
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(worker);
}

pub fn run(args: &Args) -> Result<()> {
    let start = |number: &u32| {
        let fails = args.fail == Some(*number);
        Process::spawn(worker, (*number, args.wait, fails, args.words))
    };
    let processes = args.numbers.iter().map(start).collect::<Result<Vec<_>, _>>()?;
    let failures = processes.into_iter().filter_map(|process| process.join().err());
    let failed = failures.inspect(|error| eprintln!("{error}")).count();
    ensure!(failed == 0, "{failed} of {} workers failed", args.numbers.len());
    match args.words {
        Words::Approaches => println!("All workers finished"),
        Words::Introduction => println!("All processes are done."),
        Words::Comparison => println!("All processes have completed"),
    }
    Ok(())
}

fn worker(number: u32, wait: f64, fails: bool, words: Words) {
    let _span = info_span!("worker", number).entered();
    match words {
        Words::Approaches => println!("Worker {number} starting"),
        Words::Introduction => println!("{number} squared is {}", u64::from(number).pow(2)),
        Words::Comparison => println!("Process {} is running", multiprocessing::current_name()),
    }
    thread::sleep(lab::seconds(wait));
    assert!(!fails, "worker {number} was told to fail");
    if let Words::Approaches = words {
        println!("Worker {number} finished");
    }
}
