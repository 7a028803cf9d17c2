//! A pool of threads squares numbers: results in the order of the numbers, or as they come.
//!
//! Ports: introduction section 8 · slideshow slide 6
//! Python → Rust: `ThreadPoolExecutor(max_workers=4)` → `rayon::ThreadPoolBuilder` ·
//! `executor.map` → `into_par_iter().map().collect()` · `submit` and `as_completed` →
//! `Scope::spawn` and a channel
//!
//! `executor.map` makes a future of every number. rayon halves the range until its threads have
//! enough to do, and an idle one steals half of another's share: a task is many numbers. `collect`
//! restores their order. Work of one number each (`spawn`) costs more, here as there.
//!
//! Run: `cargo 04-futures thread-pool --workers 4 --words slideshow`
//! With `--words slideshow` the order of the lines may vary.

use std::sync::mpsc;

use anyhow::{Context, Result};
use rayon::{
    ThreadPool, ThreadPoolBuilder,
    iter::{IntoParallelIterator, ParallelIterator},
};
use tracing::info_span;

/// A pool of threads: results in order, or as they come
#[derive(clap::Args)]
pub struct Args {
    /// Squares of 1 to this number
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u32).range(0..=10_000_000))]
    numbers: u32,
    /// Threads of the pool [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    workers: Option<u16>,
    /// Whose printed lines to use: introduction prints in order, slideshow as completed
    #[arg(long, default_value = "introduction")]
    words: Words,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Words {
    Introduction,
    Slideshow,
}

pub fn run(args: &Args) -> Result<()> {
    let workers = args.workers.unwrap_or(0).into(); // 0: rayon takes one for each core
    let pool = ThreadPoolBuilder::new().num_threads(workers).build();
    let pool = pool.context("cannot start the pool's threads")?;
    match args.words {
        Words::Introduction => {
            for square in map(&pool, args.numbers) {
                println!("Squared value: {square}");
            }
        }
        Words::Slideshow => as_completed(&pool, args.numbers, |square| println!("{square}")),
    }
    Ok(())
}

fn map(pool: &ThreadPool, numbers: u32) -> Vec<u64> {
    pool.install(|| (1..=numbers).into_par_iter().map(square).collect())
}

fn as_completed(pool: &ThreadPool, numbers: u32, mut completed: impl FnMut(u64)) {
    let (sender, results) = mpsc::channel();
    pool.in_place_scope(|scope| {
        for number in 1..=numbers {
            let sender = sender.clone();
            // Sending fails only if nobody receives any more.
            scope.spawn(move |_| _ = sender.send(square(number)));
        }
        drop(sender); // so that the results end with the last task
        results.iter().for_each(&mut completed);
    });
}

fn square(number: u32) -> u64 {
    let _span = info_span!("square", number).entered();
    u64::from(number).pow(2)
}
