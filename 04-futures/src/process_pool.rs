//! A pool of processes squares numbers; the results come in the order of the numbers.
//!
//! Ports: introduction section 9
//! Python → Rust: `ProcessPoolExecutor()` → lesson 02's `Pool::new` · `executor.map` → `Pool::map`
//!
//! In Python the class name is all that changes from threads to processes. Here `register` shows what that means: a
//! worker is this program started anew, and finds the function in a table; numbers and squares travel as bytes. A
//! square is far too little work for that: `thread-pool` is faster, and a plain loop beats both.
//!
//! Run: `cargo 04-futures process-pool --numbers 10`

use anyhow::Result;
use multiprocessing::{Pool, Tasks};
use tracing::info_span;

fn square(number: u32) -> u64 {
    let _span = info_span!("square", number).entered();
    u64::from(number).pow(2)
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(square);
}

/// A pool of processes: results in order
#[derive(clap::Args)]
pub struct Args {
    /// Squares of 1 to this number
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u32).range(0..=10_000_000))]
    numbers: u32,
}

pub fn run(args: Args) -> Result<()> {
    let pool = Pool::new(None)?; // a process for each core
    for square in pool.map(square, 1..=args.numbers)? {
        println!("Squared value: {square}");
    }
    Ok(pool.join()?)
}
