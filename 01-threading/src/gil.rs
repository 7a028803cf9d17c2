//! Threads that compute: no gain in Python, where one lock guards the interpreter; here, the cores.
//!
//! Ports: approaches slide 4 · techniques slide 4
//! Python → Rust: `Thread(target=cpu_bound_task)` → `Scope::spawn`; the GIL → nothing
//!
//! The additions are really done. An optimiser knows the sum of 0 to n without adding, so each
//! number passes through `black_box`, which hides from it what that number is.
//!
//! Run: `cargo 01-threading gil --threads 2 --additions 100000000 --words techniques`
//! The times vary. On one core, or with all of them busy, there is no gain here either.

use std::{collections::HashMap, hint::black_box, thread};

use anyhow::{Result, ensure};
use lab::usage::{self, Usage};
use tracing::info_span;

/// Threads that compute, against one after the other
#[derive(clap::Args)]
pub struct Args {
    /// Tasks, each with a thread of its own
    #[arg(long, default_value = "4", value_parser = clap::value_parser!(u32).range(1..=1000))]
    threads: u32,
    /// Additions of each task
    #[arg(long, default_value = "10000000", value_parser = clap::value_parser!(u64).range(1..=4_000_000_000))]
    additions: u64,
    /// Run one way only
    #[arg(long)]
    only: Option<Way>,
    /// Whose printed lines and order to use
    #[arg(long, default_value = "approaches")]
    words: Words,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, clap::ValueEnum)]
enum Way {
    Threads,
    Sequential,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Words {
    Approaches,
    Techniques,
}

pub fn run(args: &Args) -> Result<()> {
    let mut ways = match args.words {
        Words::Approaches => vec![
            (Way::Threads, "Time taken with threading"),
            (Way::Sequential, "Time taken sequentially"),
        ],
        Words::Techniques => vec![
            (Way::Sequential, "Sequential execution time"),
            (Way::Threads, "Threaded execution time"),
        ],
    };
    ways.retain(|(way, _)| args.only.is_none_or(|only| only == *way));
    let mut wall = HashMap::new();
    for (way, label) in ways {
        let usage = time(way, args)?;
        wall.insert(way, usage.wall.as_secs_f64());
        println!("{label}: {:.3} seconds, cores used: {:.2}", wall[&way], usage.cores());
    }
    if args.only.is_none() {
        println!("Speed-up by threads: {:.2}", wall[&Way::Sequential] / wall[&Way::Threads]);
    }
    Ok(())
}

fn time(way: Way, args: &Args) -> Result<Usage> {
    let (sums, usage) = usage::of(|| match way {
        Way::Threads => threaded(args),
        Way::Sequential => sequential(args),
    })?;
    let expected = args.additions * (args.additions - 1) / 2;
    ensure!(sums.iter().all(|sum| *sum == expected), "a task's sum is not {expected}");
    Ok(usage)
}

fn threaded(args: &Args) -> Vec<u64> {
    thread::scope(|scope| {
        let start = |_| scope.spawn(|| cpu_bound_task(args.additions));
        let threads: Vec<_> = (0..args.threads).map(start).collect();
        threads.into_iter().map(|thread| thread.join().expect("no task panics")).collect()
    })
}

fn sequential(args: &Args) -> Vec<u64> {
    (0..args.threads).map(|_| cpu_bound_task(args.additions)).collect()
}

fn cpu_bound_task(additions: u64) -> u64 {
    let _span = info_span!("task", additions).entered();
    let mut count = 0;
    for number in 0..additions {
        count += black_box(number);
    }
    count
}
