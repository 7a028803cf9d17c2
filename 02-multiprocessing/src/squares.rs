//! A process for each number, which prints its square.
//!
//! Ports: introduction section 5
//! Python → Rust: `Process(target=square, args=(i,))` and `start` → `Process::spawn(square, (i,))`
//!
//! A process takes about a millisecond to start, a square a nanosecond: this shows how, not what for. The comma in
//! `(number,)` makes it a tuple, in both languages. For many numbers there is `pool`.
//!
//! Run: `cargo 02-multiprocessing squares --numbers 8`
//! The order of the lines may vary.

use anyhow::Result;
use multiprocessing::{Process, Tasks};
use tracing::info_span;

fn square(x: u64) {
    let _span = info_span!("square", x).entered();
    println!("{x} squared is {}", x * x);
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(square);
}

/// A process for each number
#[derive(clap::Args)]
pub struct Args {
    /// How many numbers, from 0
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u64).range(1..=1000))]
    numbers: u64,
}

pub fn run(args: Args) -> Result<()> {
    let mut processes = Vec::new();
    for number in 0..args.numbers {
        processes.push(Process::spawn(square, (number,))?);
    }
    for process in processes {
        process.join()?;
    }
    println!("All processes are done.");
    Ok(())
}
