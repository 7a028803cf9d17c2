//! A pool of processes calls a function on many numbers; the results come in the numbers' order.
//!
//! Ports: techniques slide 5 · slideshow slide 3 · slideshow slide 9
//! Python → Rust: `multiprocessing.Pool(4)` → `Pool::new(4)` · `pool.map(f, numbers)` →
//! `pool.map(f, numbers)` · `close`, `join` → `join`
//!
//! The sum of squares below 10^7 does not fit 64 bits, and Rust's integers do not grow: `u128`. The
//! compiler knows a formula for the sum; `black_box` makes it do the work. For squares of five
//! numbers a pool is slower than a loop, in either language: each item crosses to a process and back.
//!
//! Run: `cargo 02-multiprocessing pool 1 2 3 4 5 --task square --processes 4`

use std::{hint::black_box, thread, time::Instant};

use anyhow::{Context, Result};
use multiprocessing::{Pool, Tasks};
use tracing::info_span;

/// A pool of processes, results in order
#[derive(clap::Args)]
pub struct Args {
    /// Numbers to call the task on
    #[arg(default_values = ["10000000"; 4], value_parser = clap::value_parser!(u64).range(..=10_000_000_000))]
    numbers: Vec<u64>,
    /// What to compute of each number
    #[arg(long, default_value = "sum-of-squares")]
    task: Task,
    /// Processes in the pool [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    processes: Option<u16>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Task {
    /// The squares of all smaller numbers, added
    SumOfSquares,
    /// Its square
    Square,
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(sum_of_squares).pool(square);
}

pub fn run(args: &Args) -> Result<()> {
    let cores = thread::available_parallelism().context("cannot count the cores")?;
    let begin = Instant::now();
    let pool = Pool::new(args.processes.map_or(cores.get(), usize::from))?;
    let numbers = args.numbers.iter().copied();
    match args.task {
        Task::SumOfSquares => {
            // A number a chunk: each is a long computation of its own.
            let results = pool.map_chunked(sum_of_squares, numbers, 1)?;
            println!("Results: {results:?}");
            println!("Time taken: {:.2} seconds", begin.elapsed().as_secs_f64());
        }
        Task::Square => println!("{:?}", pool.map(square, numbers)?),
    }
    Ok(pool.join()?)
}

fn sum_of_squares(below: u64) -> u128 {
    let _span = info_span!("sum_of_squares", below).entered();
    (0..below).map(|number| u128::from(black_box(number)).pow(2)).sum()
}

fn square(number: u64) -> u128 {
    let _span = info_span!("square", number).entered();
    u128::from(number).pow(2)
}
