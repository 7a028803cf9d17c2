//! Threads that wait, processes that compute, tasks that wait: timed side by side.
//!
//! Ports: techniques slide 11
//! Python → Rust: `Thread` → `thread::scope` · `Pool(n).map` → `Pool::new(n)` and `map` ·
//! `asyncio.gather` → `futures_util::future::join_all`
//!
//! Four waits of a second take a second either way; the computations are what differs. Python
//! computes in processes because its threads would take turns; Rust's threads do not, and the pool
//! here is only what the slide has.
//! `--grid` times every kind of work in every model, starts included: the tutorials' advice
//! (`choose`), measured on this machine. Take the release build for it.
//!
//! Run: `cargo run --release -p lesson-05-patterns -- compare --grid`
//! The times vary, and with them what is best where two are near each other.

mod grid;

use std::{
    hint::black_box,
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;
use futures_util::future::join_all;
use multiprocessing::{Pool, Tasks};
use tracing::{Instrument, info_span};

/// Threads, processes and tasks, timed side by side
#[derive(clap::Args)]
pub struct Args {
    /// Tasks in each way
    #[arg(long, default_value = "4", value_parser = clap::value_parser!(u16).range(1..=1000))]
    tasks: u16,
    /// Seconds that a task waits
    #[arg(long, default_value = "1", value_parser = lab::args::seconds)]
    wait: f64,
    /// Additions of a task that computes
    #[arg(long, default_value = "10000000", value_parser = clap::value_parser!(u64).range(1..=10_000_000_000))]
    additions: u64,
    /// Time every kind of work in every model
    #[arg(long)]
    grid: bool,
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(cpu_bound_task);
    grid::register(tasks);
}

pub fn run(args: &Args) -> Result<()> {
    if args.grid {
        return grid::run(args);
    }
    benchmark("run_threading", || run_threading(args))?;
    benchmark("run_multiprocessing", || run_multiprocessing(args))?;
    benchmark("<lambda>", || lab::event_loop::run(run_asyncio(args)))
}

fn benchmark(name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("{name}: {:.2} seconds", timed(work)?.as_secs_f64());
    Ok(())
}

fn timed(work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let begin = Instant::now();
    work()?;
    Ok(begin.elapsed())
}

fn run_threading(args: &Args) -> Result<()> {
    thread::scope(|scope| {
        for task in 0..args.tasks {
            let wait = lab::seconds(args.wait);
            let span = info_span!("io_bound_task", task);
            scope.spawn(move || span.in_scope(|| thread::sleep(wait)));
        }
    });
    Ok(())
}

fn run_multiprocessing(args: &Args) -> Result<()> {
    let pool = Pool::new(args.tasks.into())?;
    pool.map_chunked(cpu_bound_task, (0..args.tasks).map(|_| args.additions), 1)?;
    Ok(pool.join()?)
}

async fn run_asyncio(args: &Args) -> Result<()> {
    let task = |task| {
        tokio::time::sleep(lab::seconds(args.wait)).instrument(info_span!("async_io_task", task))
    };
    join_all((0..args.tasks).map(task)).await;
    Ok(())
}

/// Each 1 passes through `black_box`, or the compiler would see that nothing is needed of this.
fn cpu_bound_task(additions: u64) -> u64 {
    let _span = info_span!("cpu_bound_task", additions).entered();
    (0..additions).fold(0, |_, _| black_box(1) + 1)
}
