//! A pool of threads squares numbers; the results come in the order of the numbers.
//!
//! Ports: introduction section 8
//! Python → Rust: `ThreadPoolExecutor()` → rayon's pool, a thread for each core · `executor.map` →
//! `into_par_iter().map().collect()`
//!
//! Python makes a future of every number. rayon halves the range until its threads have enough to do, and one that is
//! idle steals half of what another has left: a task is many numbers. `collect` brings the results in order.
//!
//! Run: `cargo 04-futures thread-pool --numbers 10`, with `RAYON_NUM_THREADS=4` before it on four threads

use anyhow::Result;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use tracing::info_span;

fn square(number: u32) -> u64 {
    let _span = info_span!("square", number).entered();
    u64::from(number).pow(2)
}

/// A pool of threads: results in order
#[derive(clap::Args)]
pub struct Args {
    /// Squares of 1 to this number
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u32).range(0..=10_000_000))]
    numbers: u32,
}

pub fn run(args: Args) -> Result<()> {
    let results: Vec<u64> = (1..=args.numbers).into_par_iter().map(square).collect();
    for result in results {
        println!("Squared value: {result}");
    }
    Ok(())
}
