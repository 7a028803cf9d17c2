//! A task that knows its name, under a watch that reports whoever blocks the event loop.
//!
//! Ports: techniques slide 13
//! Python → Rust: `asyncio.current_task().get_name()` → `tokio::task_local!` · `debug=True` →
//! `lab::slow_polls::watch`
//!
//! A tokio task has no name: `scope` gives it one, or whatever else is to go with it. Its span is entered when it is
//! polled and left when it waits; `lab/src/slow_polls.rs` reports one that is not left within 0.1 s, as asyncio's
//! debug mode does. This task awaits its sleep, so there is nothing to report; `blocking` shows what there is.
//!
//! Run: `cargo 03-asyncio debugging`

use std::time::Duration;

use anyhow::Result;
use tracing::{Instrument, info_span};

tokio::task_local! {
    static NAME: &'static str;
}

async fn named_task() {
    println!("Running task: {}", NAME.get());
    tokio::time::sleep(lab::seconds(1.0)).await;
}

/// A task that knows its name, watched
#[derive(clap::Args)]
pub struct Args {}

#[tokio::main(flavor = "current_thread")]
pub async fn run(_: Args) -> Result<()> {
    let _watch = lab::slow_polls::watch(Duration::from_millis(100))?;
    let name = "Task-1"; // as asyncio calls its first task
    let task = NAME.scope(name, named_task()).instrument(info_span!("task", name));
    tokio::spawn(task).await?;
    Ok(())
}
