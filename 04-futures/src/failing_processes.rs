//! Calls in other processes of which some fail: each is named with its cause, the others give their results.
//!
//! Extends: process-pool
//! Python → Rust: `executor.submit` → `Pool::submit` · `future.result()` → `Handle::get`, a `Result`
//!
//! A map gives all results or an error; futures give each its own. After a panic the worker goes on, and the error
//! names process, file and line. A worker that ends (`--exit`, or a `kill` from outside) breaks the pool, in both
//! languages: what was under way or still to come is an error too, for who knows what else is broken.
//!
//! Run: `cargo 04-futures failing-processes --panic 2`, or `--exit 2`
//! With `--exit` it varies which numbers were done before.

use std::process;

use anyhow::{Result, ensure};
use multiprocessing::{Handle, Pool, Tasks};
use tracing::info_span;

#[derive(Clone, Copy, serde::Serialize, serde::Deserialize)]
enum Fault {
    Panic,
    Exit,
}

fn square(number: u32, fault: Option<Fault>) -> u64 {
    let _span = info_span!("square", number).entered();
    match fault {
        Some(Fault::Panic) => panic!("as --panic {number} asks"),
        Some(Fault::Exit) => process::exit(3),
        None => u64::from(number).pow(2),
    }
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(square);
}

/// A pool of processes in which calls fail
#[derive(clap::Args)]
pub struct Args {
    /// Squares of 1 to this number
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    numbers: u32,
    /// Processes of the pool [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    workers: Option<u16>,
    /// Have the worker panic that gets this number
    #[arg(long)]
    panic: Option<u32>,
    /// Have the worker end that gets this number
    #[arg(long)]
    exit: Option<u32>,
}

pub fn run(args: Args) -> Result<()> {
    let pool = Pool::new(args.workers.map(usize::from))?;
    let mut futures = Vec::new();
    for number in 1..=args.numbers {
        let mut fault = None;
        if args.panic == Some(number) {
            fault = Some(Fault::Panic);
        } else if args.exit == Some(number) {
            fault = Some(Fault::Exit);
        }
        futures.push((number, pool.submit(square, (number, fault))));
    }
    let mut failed = 0;
    for (number, future) in futures {
        match future.and_then(Handle::get) {
            Ok(square) => println!("Squared value: {square}"),
            Err(error) => {
                eprintln!("cannot square {number}: {error}");
                failed += 1;
            }
        }
    }
    ensure!(failed == 0, "{failed} of {} numbers failed", args.numbers);
    Ok(pool.join()?)
}
