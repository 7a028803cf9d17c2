//! Six tasks want to work at once; a semaphore lets in three at a time.
//!
//! Ports: techniques slide 12
//! Python → Rust: `asyncio.Semaphore(3)` → `tokio::sync::Semaphore::new(3)` · `async with` → `acquire`
//!
//! The permit goes back when `_permit` is dropped: at the end of the function, by an error, or where the task is
//! cancelled. (A bare `_` would drop it at once.) A `Cell` is a number that several may change without a lock, because
//! no two threads can have it: `join_all` makes these futures parts of one task. As tasks of their own they would need
//! an atomic, on whatever runtime: `tokio::spawn` refuses what cannot move between threads.
//!
//! Run: `cargo 03-asyncio semaphore --tasks 6 --limit 3`
//! Lines of tasks that are inside together may swap.

use std::cell::Cell;

use anyhow::Result;
use futures_util::future::try_join_all;
use tokio::sync::Semaphore;
use tracing::instrument;

/// Gives how many were inside when this one came in.
#[instrument(skip(sem, inside))]
async fn controlled_async_task(task: u32, sem: &Semaphore, inside: &Cell<u32>) -> Result<u32> {
    let _permit = sem.acquire().await?;
    inside.update(|count| count + 1);
    let count = inside.get();
    println!("Task {task} starting");
    tokio::time::sleep(lab::seconds(1.0)).await;
    println!("Task {task} finished");
    inside.update(|count| count - 1);
    Ok(count)
}

/// At most so many tasks at a time
#[derive(clap::Args)]
pub struct Args {
    /// Tasks
    #[arg(long, default_value = "6", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    tasks: u32,
    /// How many of them may work at once
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
}

#[tokio::main(flavor = "current_thread")]
pub async fn run(args: Args) -> Result<()> {
    let sem = Semaphore::new(args.limit as usize);
    let inside = Cell::new(0);
    let mut tasks = Vec::new();
    for task in 1..=args.tasks {
        tasks.push(controlled_async_task(task, &sem, &inside));
    }
    let counts = try_join_all(tasks).await?;
    println!("At most {} tasks at a time", counts.iter().max().unwrap_or(&0));
    Ok(())
}
