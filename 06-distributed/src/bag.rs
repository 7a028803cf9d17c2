//! A bag of numbers: each is squared, and the squares are added, wherever there is a free core.
//!
//! Ports: slideshow slide 11
//! Python → Rust: `db.from_sequence(numbers)` → `into_par_iter()` · `.map(square)` → `.map(square)` ·
//! `.sum()` → `.sum()` · `.compute()` → nothing: an iterator does its work when its sum is asked for
//!
//! Dask chooses processes, because Python's threads take turns. Ten squares are too little work for any: see `map-reduce`.
//!
//! Run: `cargo 06-distributed bag 1 2 3 --on processes`, `cargo 06-distributed bag --first 1000000`

use anyhow::Result;
use multiprocessing::Tasks;
use rayon::prelude::*;
use tracing::info_span;

use crate::{cluster, first, gpu, on::On, on::OnOrGpu, processes};

fn square(number: i32) -> i128 {
    let _span = info_span!("square", number).entered();
    i128::from(number).pow(2) // i128, because of the sum: two squares can be too much for an i64
}

/// Squares of numbers, added
#[derive(clap::Args)]
pub struct Args {
    /// The numbers
    #[arg(default_values = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"])]
    numbers: Vec<i32>,
    /// What it runs on: threads, processes, gpu, cluster or df://HOST:PORT
    #[arg(long, default_value = "threads")]
    on: OnOrGpu,
    #[command(flatten)]
    first: first::Args,
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(square);
    cluster::numbers::register(square);
    first::register(tasks);
}

pub fn run(args: Args) -> Result<()> {
    if let Some(done) = args.first.run(&args.on) {
        return done;
    }
    let numbers = args.first.in_memory()?.unwrap_or(args.numbers);
    let total: i128 = match args.on {
        OnOrGpu::On(On::Threads) => numbers.into_par_iter().map(square).sum(),
        OnOrGpu::On(On::Processes) => processes::sum(square, numbers)?,
        OnOrGpu::On(On::Cluster(at)) => cluster::numbers::sum(at, square, numbers)?,
        OnOrGpu::Gpu => gpu::sum(&numbers)?,
    };
    println!("Sum of squared numbers: {total}");
    Ok(())
}
