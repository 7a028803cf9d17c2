//! Log lines that name process and thread, and where the time went: here, in a thread, in a process.
//!
//! Ports: techniques slide 13
//! Python → Rust: `logging` → `tracing::info!` · `cProfile.run` → spans, `lab::profile::of` · `apply` → `submit`, `get`
//!
//! cProfile hooks every call and slows each down; here only what the program calls a span is counted. Neither sees
//! another thread, or the workers of a pool: each takes its own profile, and a worker sends it back as its result.
//!
//! Run: `cargo 05-patterns profiling --below 10000000`. The times vary. By lines of code: `perf record`.

use std::{hint::black_box, thread};

use anyhow::Result;
use lab::profile::{self, Profile};
use multiprocessing::{Pool, Tasks};
use tracing::{info, instrument};

#[instrument]
fn sum_of_squares(from: u64, below: u64) -> u128 {
    (from..below).map(|number| u128::from(black_box(number).pow(2))).sum()
}

#[instrument]
fn cpu_bound_func(below: u64) {
    let mut sum = 0;
    for quarter in 0..4 {
        sum += sum_of_squares(below * quarter / 4, below * (quarter + 1) / 4);
    }
    info!("the sum of squares below {below} is {sum}");
}

fn profiled(below: u64) -> Profile {
    profile::of(multiprocessing::current_name(), || cpu_bound_func(below))
}

/// Log lines with thread names, and profiles of a function, a thread and a pool worker
#[derive(clap::Args)]
pub struct Args {
    /// Add the squares of all numbers below this, which must fit 64 bits; their sum need not
    #[arg(long, default_value = "1000000", value_parser = clap::value_parser!(u64).range(..=4_000_000_000))]
    below: u64,
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(profiled);
}

pub fn run(args: Args) -> Result<()> {
    println!("The main thread:");
    println!("{}", profiled(args.below));
    println!("Another thread:");
    let thread = thread::Builder::new().name("Thread-1".into());
    let thread = thread.spawn(move || profiled(args.below))?;
    println!("{}", thread.join().expect("nothing in it panics"));
    println!("A worker process:");
    let pool = Pool::new(1)?;
    print!("{}", pool.submit(profiled, (args.below,))?.get()?);
    Ok(pool.join()?)
}
