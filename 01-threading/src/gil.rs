//! Threads that compute: no gain under Python's GIL (CPython's, but for a free-threaded 3.13t, 3.14t); here, the cores.
//!
//! Ports: approaches slide 4 · techniques slide 4
//! Python → Rust: `Thread(target=cpu_bound_task)` → `thread::spawn` · the GIL → nothing
//!
//! The additions are really done: an optimiser knows the sum of 0 to n without adding, so each
//! number passes through `black_box`, which hides from it what that number is.
//!
//! Run: `cargo 01-threading gil sequential threads --tasks 2 --additions 100000000`
//! The times vary. On one core, or with all of them busy, there is no gain here either.

use std::{hint::black_box, thread, time::Instant};

use anyhow::Result;
use tracing::info_span;

fn cpu_bound_task(additions: u64) {
    let _span = info_span!("cpu_bound_task", additions).entered();
    let mut count = 0;
    for number in 0..additions {
        count += black_box(number);
    }
    assert_eq!(count, additions * (additions - 1) / 2);
}

/// Threads that compute, against one after the other
#[derive(clap::Args)]
pub struct Args {
    /// What to time, one after the other
    #[arg(default_values = ["threads", "sequential"], value_parser = ["threads", "sequential"])]
    ways: Vec<String>,
    /// Tasks of each way
    #[arg(long, default_value = "4", value_parser = clap::value_parser!(u32).range(1..=1000))]
    tasks: u32,
    /// Additions of each task
    #[arg(long, default_value = "10000000", value_parser = clap::value_parser!(u64).range(1..=4_000_000_000))]
    additions: u64,
}

pub fn run(args: Args) -> Result<()> {
    for way in args.ways {
        let begin = Instant::now();
        if way == "threads" {
            let mut threads = Vec::new();
            for _ in 0..args.tasks {
                threads.push(thread::spawn(move || cpu_bound_task(args.additions)));
            }
            for thread in threads {
                thread.join().expect("no task panics");
            }
            println!("Time taken with threading: {:.2} seconds", begin.elapsed().as_secs_f64());
        } else {
            for _ in 0..args.tasks {
                cpu_bound_task(args.additions);
            }
            println!("Time taken sequentially: {:.2} seconds", begin.elapsed().as_secs_f64());
        }
    }
    Ok(())
}
