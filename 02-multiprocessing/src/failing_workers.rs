//! Processes of which some fail: each is named with its cause, the others finish, and the exit code tells.
//!
//! Extends: workers
//! Python → Rust: a look at each `exitcode` → `join`, whose error has the panic's text and place, or the signal
//!
//! `join()?` would end the program at the first failure, and a process that is not joined is killed. Here each is
//! joined, whatever became of those before it. A panic ends its own process and no other: memory is not shared.
//!
//! Run: `cargo 02-multiprocessing failing-workers 0 1 2 3 --fail 1 --fail 3`
//! Lines of different workers may swap.

use std::thread;

use anyhow::{Context, Result, ensure};
use lab::Misuse;
use multiprocessing::{Process, Tasks};
use tracing::info_span;

fn worker(number: u32, wait: f64, fails: bool) {
    let _span = info_span!("worker", number).entered();
    println!("Worker {number} starting");
    thread::sleep(lab::seconds(wait));
    assert!(!fails, "worker {number} was told to fail");
    println!("Worker {number} finished");
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(worker);
}

/// Processes of which some fail
#[derive(clap::Args)]
pub struct Args {
    /// Number of each worker
    #[arg(default_values = ["0", "1", "2"])]
    numbers: Vec<u32>,
    /// Seconds that each one waits
    #[arg(long, default_value = "2", value_parser = lab::args::seconds)]
    wait: f64,
    /// Number of a worker that panics; may be given several times
    #[arg(long)]
    fail: Vec<u32>,
}

pub fn run(args: Args) -> Result<()> {
    if let Some(fail) = args.fail.iter().find(|fail| !args.numbers.contains(fail)) {
        return Err(Misuse(format!("--fail {fail}: there is no such worker")).into());
    }
    let mut processes = Vec::new();
    for &number in &args.numbers {
        let fails = args.fail.contains(&number);
        let process = Process::spawn(worker, (number, args.wait, fails));
        processes.push((number, process.with_context(|| format!("cannot start worker {number}"))?));
    }
    let mut failed = 0;
    for (number, process) in processes {
        if let Err(error) = process.join() {
            eprintln!("worker {number} failed: {error}");
            failed += 1;
        }
    }
    ensure!(failed == 0, "{failed} of {} workers failed", args.numbers.len());
    println!("All workers finished");
    Ok(())
}
