//! Log lines that name process and thread, and where the time went: here, in a thread, in a process.
//!
//! Ports: techniques slide 13
//! Python → Rust: `logging` with `%(processName)s %(threadName)s` → `tracing::info!` ·
//! `cProfile.run` → spans, and `lab::profile::of` · `pool.apply` → `Pool::submit(…).get()`
//!
//! cProfile hooks every call and slows each down; here it is counted what the program calls a span,
//! and nothing else costs anything. Neither sees beyond its own thread: `cProfile` around a `Pool`
//! shows that the parent waited. So whoever works takes its own profile: the worker process too, and
//! sends it back with the result, a value like others.
//!
//! Run: `cargo 05-patterns profiling --below 10000000`
//! The times vary. For lines of code in place of spans: `perf record` on the release build.

use std::{hint::black_box, thread};

use anyhow::{Context, Result, anyhow};
use lab::profile::{self, Profile};
use multiprocessing::{Pool, Tasks};
use tracing::{info, info_span};

/// Log lines with thread names, and profiles of a function, a thread and a pool worker
#[derive(clap::Args)]
pub struct Args {
    /// Add the squares of all numbers below this
    #[arg(long, default_value = "1000000", value_parser = clap::value_parser!(u64).range(..=2_000_000))]
    below: u64,
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(profiled);
}

pub fn run(args: &Args) -> Result<()> {
    let below = args.below;
    println!("The main thread:");
    println!("{}", profiled(below).map_err(anyhow::Error::msg)?);

    println!("Another thread:");
    let thread = thread::Builder::new().name("Thread-1".into());
    let thread = thread.spawn(move || profiled(below)).context("cannot start a thread")?;
    let profile = thread.join().map_err(|_| anyhow!("the thread panicked"))?;
    println!("{}", profile.map_err(anyhow::Error::msg)?);

    println!("A worker process:");
    let pool = Pool::new(1)?;
    let profile = pool.submit(profiled, (below,))?.get()?;
    print!("{}", profile.map_err(anyhow::Error::msg)?);
    Ok(pool.join()?)
}

/// Its error is text, because only data can cross between processes.
fn profiled(below: u64) -> Result<Profile, String> {
    let profiled = profile::of(multiprocessing::current_name(), || cpu_bound_func(below));
    profiled.map(|(_, profile)| profile).map_err(|error| format!("{error:#}"))
}

/// Sums up the squares, a quarter at a time.
fn cpu_bound_func(below: u64) -> u64 {
    let _span = info_span!("cpu_bound_func", below).entered();
    let bounds = [0, 1, 2, 3, 4].map(|quarter| below * quarter / 4);
    let sum = bounds.windows(2).map(|ends| sum_of_squares(ends[0], ends[1])).sum();
    info!("the sum of squares below {below} is {sum}");
    sum
}

fn sum_of_squares(from: u64, below: u64) -> u64 {
    let _span = info_span!("sum_of_squares", from, below).entered();
    (from..below).map(|number| black_box(number).pow(2)).sum()
}
