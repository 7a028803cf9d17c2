//! Threads that wait, processes that compute, tasks that wait: each way is timed.
//!
//! Ports: techniques slide 11
//! Python → Rust: `Pool(n).map` → `Pool::new(n)`, `map` · `asyncio.gather` → `join_all` · `asyncio.run` → `#[tokio::main]`
//!
//! Four waits of a second take a second either way. All kinds of work in all ways: `grid`.
//! Run: `cargo 05-patterns compare`. The times vary.

use std::{hint::black_box, thread, time::Instant};

use anyhow::Result;
use tracing::{Instrument, info_span};

pub fn cpu_bound_task(additions: u64) {
    let _span = info_span!("cpu_bound_task", additions).entered();
    for _ in 0..additions {
        _ = black_box(1) + 1; // or the compiler would leave it all out
    }
}

fn benchmark<R>(name: &str, run: fn(usize) -> R) -> R {
    let begin = Instant::now();
    let result = run(4);
    println!("{name}: {:.2} seconds", begin.elapsed().as_secs_f64());
    result
}

fn run_threading(n: usize) {
    thread::scope(|scope| {
        for _ in 0..n {
            scope.spawn(|| info_span!("wait").in_scope(|| thread::sleep(lab::seconds(1.0))));
        }
    });
}

fn run_multiprocessing(n: usize) -> Result<()> {
    multiprocessing::Pool::new(n)?.map_chunked(cpu_bound_task, vec![10_000_000; n], 1)?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn run_asyncio(n: usize) {
    let wait = |_| tokio::time::sleep(lab::seconds(1.0)).instrument(info_span!("wait"));
    futures_util::future::join_all((0..n).map(wait)).await;
}

/// Threads, processes and tasks, each way timed
#[derive(clap::Args)]
pub struct Args {}

pub fn register(tasks: &mut multiprocessing::Tasks) {
    tasks.pool(cpu_bound_task);
}

pub fn run(_: Args) -> Result<()> {
    benchmark("run_threading", run_threading);
    benchmark("run_multiprocessing", run_multiprocessing)?;
    benchmark("<lambda>", run_asyncio); // Python's name for the lambda that the slide passes
    Ok(())
}
