//! Tasks know their names, and one that blocks the event loop is reported.
//!
//! Ports: techniques slide 13
//! Python → Rust: `asyncio.current_task().get_name()` → `tokio::task_local!` · `debug=True` →
//! `lab::slow_polls` · `asyncio.to_thread` → `tokio::task::spawn_blocking`
//!
//! A task that calls something slow without `.await` keeps all others from running: three naps of
//! one second take three (`--nap blocking`). Spans tell on it: a task's span is entered when the
//! task is polled, and `lab/src/slow_polls.rs` reports one that is not left within 0.1 s, as
//! asyncio's debug mode does. On a thread of its own the same call holds nobody up (`--nap thread`).
//! `multi_thread` only hides the mistake, until as many tasks block as it has threads.
//!
//! Run: `cargo 03-asyncio debugging A B C --nap blocking`, then with `--nap thread`
//! The reports go to standard error.

use std::{thread, time::Duration};

use anyhow::Result;
use tokio::task::{JoinSet, spawn_blocking};
use tracing::{Instrument, info_span};

/// Named tasks, and a report of those that block the event loop
#[derive(clap::Args)]
pub struct Args {
    /// Name of each task
    #[arg(default_value = "Task-1")]
    names: Vec<String>,
    /// How each task rests for a second
    #[arg(long, default_value = "awaited")]
    nap: Nap,
    /// Seconds of an unbroken turn from which on it is reported, whatever the pace
    #[arg(long, default_value = "0.1", value_parser = lab::args::seconds)]
    slow: f64,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Nap {
    /// tokio's sleep, awaited: the right way
    Awaited,
    /// The thread's sleep, on the event loop: the mistake
    Blocking,
    /// The thread's sleep, on another thread: what to do with a call that blocks
    Thread,
}

tokio::task_local! {
    static NAME: String;
}

pub fn run(args: Args) -> Result<()> {
    let _watch = lab::slow_polls::watch(Duration::from_secs_f64(args.slow))?;
    lab::event_loop::run(main(args))
}

async fn main(args: Args) -> Result<()> {
    let mut tasks = JoinSet::new();
    for name in args.names {
        let span = info_span!("task", name);
        tasks.spawn(NAME.scope(name, named_task(args.nap)).instrument(span));
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

async fn named_task(nap: Nap) -> Result<()> {
    println!("Running task: {}", NAME.get());
    let second = lab::seconds(1.0);
    match nap {
        Nap::Awaited => tokio::time::sleep(second).await,
        Nap::Blocking => thread::sleep(second),
        Nap::Thread => spawn_blocking(move || thread::sleep(second)).await?,
    }
    Ok(())
}
