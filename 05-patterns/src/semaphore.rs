//! A semaphore: at most three tasks are inside at once.
//!
//! Ports: techniques slide 12 · approaches slide 13 (its text)
//! Python → Rust: `asyncio.Semaphore(3)` → `Semaphore::new(3)` · the end of `async with sem` → the permit's
//!
//! The number of tasks inside is a `Cell`: it needs no lock, because the tasks take turns on one thread, and Rust does
//! not let it go to another. A semaphore for threads: `more-locks`; each wait, printed: `cargo 03-asyncio semaphore`.
//!
//! Run: `cargo 05-patterns semaphore`

use std::cell::Cell;

use anyhow::Result;
use futures_util::future::try_join_all;
use tokio::sync::Semaphore;
use tracing::instrument;

/// Returns how many were inside when it had come in.
#[instrument(skip_all)]
async fn controlled_async_task(sem: &Semaphore, inside: &Cell<u32>) -> Result<u32> {
    let _permit = sem.acquire().await?;
    inside.set(inside.get() + 1);
    let at_once = inside.get();
    tokio::time::sleep(lab::seconds(1.0)).await;
    inside.set(inside.get() - 1);
    Ok(at_once)
}

/// A semaphore, and six tasks of which three at a time come in
#[derive(clap::Args)]
pub struct Args {}

#[tokio::main(flavor = "current_thread")]
pub async fn run(_: Args) -> Result<()> {
    let (sem, inside) = (Semaphore::new(3), Cell::new(0));
    let mut tasks = Vec::new();
    for _ in 0..6 {
        tasks.push(controlled_async_task(&sem, &inside));
    }
    let at_once = try_join_all(tasks).await?;
    let most = at_once.into_iter().max().unwrap_or(0);
    println!("semaphore: 6 tasks, never more than {most} at once");
    Ok(())
}
