//! A bag of numbers: each is squared, and the squares are added, wherever there is a free core.
//!
//! Ports: slideshow slide 11
//! Python → Rust: `db.from_sequence(numbers)` → `into_par_iter()` · `.map(square)` → `.map(square)` ·
//! `.sum()` → `.sum()` · `.compute()` → nothing: the sum is what asks for the work
//!
//! Dask's bag chooses processes, because Python's threads take turns; they need the `__main__` guard
//! that the slide leaves out. Here threads are the default, and `--on` changes what the same two
//! functions run on. Ten squares are far too little work for either: see `word-count`.
//!
//! Run: `cargo 06-distributed bag 1 2 3 --on processes`

use anyhow::Result;
use multiprocessing::Tasks;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use tracing::info_span;

use crate::on::{self, On};

/// Squares of numbers, added
#[derive(clap::Args)]
pub struct Args {
    /// The numbers
    #[arg(default_values = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"])]
    numbers: Vec<i32>,
    /// What it runs on: threads, processes or df://HOST:PORT
    #[arg(long, default_value = "threads")]
    on: On,
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(square);
}

pub fn run(args: &Args) -> Result<()> {
    println!("Sum of squared numbers: {}", sum_of_squares(&args.numbers, &args.on)?);
    Ok(())
}

/// 128 bits hold the squares of more numbers than memory does.
fn sum_of_squares(numbers: &[i32], on: &On) -> Result<i128> {
    match on {
        On::Threads => Ok(numbers.par_iter().copied().map(square).map(i128::from).sum()),
        On::Processes => {
            let pool = on::processes(None)?;
            let sum = pool.map(square, numbers.to_vec())?.into_iter().map(i128::from).sum();
            pool.join()?;
            Ok(sum)
        }
        On::Cluster(address) => Err(on::no_cluster(address)),
    }
}

fn square(number: i32) -> i64 {
    let _span = info_span!("square", number).entered();
    i64::from(number).pow(2)
}
