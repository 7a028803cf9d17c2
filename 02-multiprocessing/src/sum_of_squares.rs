//! Four long sums on all cores, by a pool of processes.
//!
//! Ports: techniques slide 5
//! Python → Rust: `multiprocessing.Pool()` → `Pool::new(None)`, a process for each core · `pool.map` → `pool.map`
//!
//! The sum of squares below 10^7 does not fit 64 bits, and Rust's integers do not grow: hence `u128`. `black_box` hides
//! each number from the optimiser, which knows a formula for the sum. Here is no GIL: threads would do (lesson 01, `gil`).
//!
//! Run: `cargo 02-multiprocessing sum-of-squares --processes 1` (the time varies)

use std::{hint::black_box, time::Instant};

use anyhow::Result;
use multiprocessing::{Pool, Tasks};
use tracing::info_span;

fn cpu_intensive_task(n: u64) -> u128 {
    let _span = info_span!("cpu_intensive_task", n).entered();
    (0..n).map(|i| u128::from(black_box(i)).pow(2)).sum()
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(cpu_intensive_task);
}

/// Long sums on all cores
#[derive(clap::Args)]
pub struct Args {
    /// Each sum is of the squares below one of these
    #[arg(default_values = ["10000000"; 4], value_parser = clap::value_parser!(u64).range(..=10_000_000_000))]
    numbers: Vec<u64>,
    /// Processes in the pool [default: one for each core]
    #[arg(long, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1000))]
    processes: Option<usize>,
}

pub fn run(args: Args) -> Result<()> {
    let begin = Instant::now();
    let pool = Pool::new(args.processes)?;
    let results = pool.map(cpu_intensive_task, args.numbers)?;
    println!("Results: {results:?}");
    println!("Time taken: {:.2} seconds", begin.elapsed().as_secs_f64());
    pool.join()?;
    Ok(())
}
