//! Tasks of 3 s and less on a pool of threads; each result is printed when its task is done.
//!
//! Ports: approaches slide 13
//! Python → Rust: `max_workers=3` → `max_blocking_threads(3)` · `executor.submit` →
//! `JoinSet::spawn_blocking` · `as_completed` → `JoinSet::join_next` · `future.result()` → `?`
//!
//! Work that waits goes to tokio's threads for calls that block. In rayon's pool (`submit`), which has as many threads
//! as cores, it would keep a core from its work. Where `result()` raises, `?` ends the program; see `failing-futures`.
//!
//! Run: `cargo 04-futures as-completed`

use std::thread;

use anyhow::Result;
use tokio::{runtime::Builder, task::JoinSet};
use tracing::info_span;

fn task(number: u32) -> String {
    let _span = info_span!("task", number).entered();
    thread::sleep(lab::seconds(number.into()));
    format!("Task {number} completed")
}

/// Tasks that wait, and their results as they are done
#[derive(clap::Args)]
pub struct Args {}

pub fn run(_: Args) -> Result<()> {
    let runtime = Builder::new_current_thread().max_blocking_threads(3).build()?;
    runtime.block_on(async {
        let mut futures = JoinSet::new();
        for number in 1..=3 {
            futures.spawn_blocking(move || task(number));
        }
        while let Some(result) = futures.join_next().await {
            println!("{}", result?);
        }
        Ok(())
    })
}
