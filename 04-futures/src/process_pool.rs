//! A pool of processes squares numbers: results in the order of the numbers.
//!
//! Ports: introduction section 9
//! Python → Rust: `ProcessPoolExecutor()` → lesson 02's `Pool::new` · `executor.map` → `Pool::map`
//!
//! In Python the class name is all that changes from threads to processes. Here two more things show
//! what that means: the function is registered, because the worker, which is this program started
//! anew, must find it there; and numbers and squares travel as bytes. A panic in a worker is an error
//! that names worker and number (`--panic 3`), a worker that is killed breaks the pool, as in Python.
//! A square is far too little work for all that: see `thread-pool`, and a plain loop beats both.
//!
//! Run: `cargo 04-futures process-pool --numbers 5`

use std::thread;

use anyhow::{Context, Result};
use multiprocessing::{Pool, Tasks};
use tracing::info_span;

/// A pool of processes: results in order
#[derive(clap::Args)]
pub struct Args {
    /// Squares of 1 to this number
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u32).range(0..=10_000_000))]
    numbers: u32,
    /// Processes of the pool [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    workers: Option<u16>,
    /// Have the worker panic that gets this number
    #[arg(long)]
    panic: Option<u32>,
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(square);
}

pub fn run(args: &Args) -> Result<()> {
    let cores = thread::available_parallelism().context("cannot count the cores")?;
    let pool = Pool::new(args.workers.map_or(cores.get(), usize::from))?;
    let numbers = (1..=args.numbers).map(|number| (number, args.panic == Some(number)));
    for square in pool.map(square, numbers)? {
        println!("Squared value: {square}");
    }
    Ok(pool.join()?)
}

fn square((number, panics): (u32, bool)) -> u64 {
    let _span = info_span!("square", number).entered();
    assert!(!panics, "as --panic {number} asks");
    u64::from(number).pow(2)
}
