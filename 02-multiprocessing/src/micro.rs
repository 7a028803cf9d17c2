//! What processes cost, one thing at a time, the same things in either language.
//!
//! Extends: workers
//! Python → Rust: as in `workers`, `pool`, `shared-counter` and `queue`
//!
//! Each command prints what it computed; `cargo xtask bench-all 02` times them as whole programs.
//!
//! Run: `cargo 02-multiprocessing micro map 100000 --chunk 1`

mod costs;

use std::num::NonZero;

use anyhow::Result;

pub use costs::register;

/// What processes cost: start, map, lock, queue
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    cost: Option<Cost>,
}

#[derive(clap::Subcommand)]
enum Cost {
    /// Start and join a process, so many times
    Start {
        times: u64,
        /// Memory that the parent holds meanwhile, in MB
        #[arg(long, default_value = "0")]
        megabytes: u16,
    },
    /// Square so many numbers in a pool of two
    Map {
        numbers: u64,
        /// Numbers that a worker gets at a time [default: automatic]
        #[arg(long)]
        chunk: Option<NonZero<usize>>,
    },
    /// Add 1 to a shared number, so many times in each process
    Lock {
        additions: u64,
        #[arg(long, default_value = "2", value_parser = clap::value_parser!(u32).range(1..=1000))]
        processes: u32,
    },
    /// Send so many numbers from one process to another
    Queue { items: u64 },
}

pub fn run(args: Args) -> Result<()> {
    let done = match args.cost {
        None => costs::start(1, 0)?,
        Some(Cost::Start { times, megabytes }) => costs::start(times, megabytes)?,
        Some(Cost::Map { numbers, chunk }) => costs::map(numbers, chunk)?,
        Some(Cost::Lock { additions, processes }) => costs::lock(additions, processes)?,
        Some(Cost::Queue { items }) => costs::queue(items)?,
    };
    println!("{done}");
    Ok(())
}
