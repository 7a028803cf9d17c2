//! A pool of four processes squares numbers; the results come in the numbers' order.
//!
//! Ports: slideshow slide 3 · slideshow slide 9
//! Python → Rust: `Pool(4)` → `Pool::new(4)` · `pool.map(square, numbers)` → `pool.map(square, numbers)` ·
//! `close` and `join` → `join`
//!
//! For so few numbers a pool is slower than a loop, in either language: each crosses to a process and back. A pool
//! that is dropped without `join` kills its processes, as Python's does at the end of `with`.
//!
//! Run: `cargo 02-multiprocessing pool 1 2 3 4 5 6 7 8`

use anyhow::Result;
use multiprocessing::{Pool, Tasks};
use tracing::info_span;

fn square(x: u32) -> u64 {
    let _span = info_span!("square", x).entered();
    u64::from(x).pow(2)
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(square);
}

/// A pool of processes, results in order
#[derive(clap::Args)]
pub struct Args {
    /// Numbers to square
    #[arg(default_values = ["1", "2", "3", "4", "5"])]
    numbers: Vec<u32>,
}

pub fn run(args: Args) -> Result<()> {
    let pool = Pool::new(4)?;
    let results = pool.map(square, args.numbers)?;
    println!("{results:?}");
    pool.join()?;
    Ok(())
}
