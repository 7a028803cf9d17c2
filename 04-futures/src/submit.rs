//! Numbers handed to a pool of threads one by one; each square is printed as it is done.
//!
//! Ports: introduction section 10 · slideshow slide 6
//! Python → Rust: `ThreadPoolExecutor(max_workers=4)` → `ThreadPoolBuilder` · `executor.submit` →
//! `ThreadPool::spawn` · `as_completed` → the receiving end of a channel
//!
//! rayon gives no future back: a task sends its result. The channel ends when its last sender is gone, so `run` drops
//! its own. A task a number costs more than a map (`thread-pool`).
//!
//! Run: `cargo 04-futures submit --workers 4`
//! The order of the lines may vary.

use std::sync::mpsc;

use anyhow::Result;
use rayon::ThreadPoolBuilder;
use tracing::info_span;

fn square(number: u32) -> u64 {
    let _span = info_span!("square", number).entered();
    u64::from(number).pow(2)
}

/// A pool of threads: results as they are done
#[derive(clap::Args)]
pub struct Args {
    /// Squares of 1 to this number
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u32).range(0..=10_000_000))]
    numbers: u32,
    /// Threads of the pool [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    workers: Option<u16>,
}

pub fn run(args: Args) -> Result<()> {
    let workers = args.workers.unwrap_or(0); // 0: one for each core
    let pool = ThreadPoolBuilder::new().num_threads(workers.into()).build()?;
    let (sender, results) = mpsc::channel();
    for number in 1..=args.numbers {
        let sender = sender.clone();
        pool.spawn(move || sender.send(square(number)).expect("results are received below"));
    }
    drop(sender);
    for result in results {
        println!("Squared value: {result}");
    }
    Ok(())
}
