//! Six tasks want to work at once; a semaphore lets in three at a time.
//!
//! Ports: techniques slide 12
//! Python → Rust: `asyncio.Semaphore(3)` → `tokio::sync::Semaphore::new(3)` · `async with sem` →
//! `let _permit = sem.acquire().await?`
//!
//! The permit goes back when `_permit` is dropped: at the end of the function, on an error, or when
//! the task is cancelled. (A bare `_` would drop it at once.) Who waits is served in turn. How many
//! are inside is counted in a `Cell`, without a lock: these futures share one task. Spawned on
//! `multi_thread` they would have to count with an atomic, or the program would not compile.
//!
//! Run: `cargo 03-asyncio semaphore --tasks 6 --limit 3`
//! Lines of tasks that are inside together may swap.

use std::cell::Cell;

use anyhow::Result;
use futures_util::future::try_join_all;
use tokio::sync::Semaphore;
use tracing::instrument;

/// At most so many tasks at a time
#[derive(clap::Args)]
pub struct Args {
    /// Tasks
    #[arg(long, default_value = "6", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    tasks: u32,
    /// How many of them may work at once
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
    /// Seconds that each one works
    #[arg(long, default_value = "1", value_parser = lab::args::seconds)]
    wait: f64,
}

/// How many tasks are inside, and how many were at most.
#[derive(Default)]
struct Inside {
    now: Cell<u32>,
    most: Cell<u32>,
}

pub fn run(args: &Args) -> Result<()> {
    lab::event_loop::run(main(args))
}

async fn main(args: &Args) -> Result<()> {
    let semaphore = Semaphore::new(args.limit as usize);
    let inside = Inside::default();
    let work = |task| controlled_task(task, &semaphore, &inside, args.wait);
    try_join_all((1..=args.tasks).map(work)).await?;
    println!("At most {} tasks at a time", inside.most.get());
    Ok(())
}

#[instrument(skip_all, fields(task))]
async fn controlled_task(task: u32, sem: &Semaphore, inside: &Inside, wait: f64) -> Result<()> {
    let _permit = sem.acquire().await?;
    inside.now.update(|now| now + 1);
    inside.most.update(|most| most.max(inside.now.get()));
    println!("Task {task} starting");
    tokio::time::sleep(lab::seconds(wait)).await;
    println!("Task {task} finished");
    inside.now.update(|now| now - 1);
    Ok(())
}
