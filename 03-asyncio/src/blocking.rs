//! Tasks that block the event loop are reported; on a thread of its own the same call holds nobody up.
//!
//! Extends: debugging
//! Python → Rust: `asyncio.to_thread` → `tokio::task::spawn_blocking`
//!
//! A task that calls something slow without `.await` keeps all others from running: three naps of one second take
//! three, and each is reported on standard error. With `--nap thread` they take one. The compiler does not see it, and
//! tokio's `multi_thread` only hides it, until as many tasks block as it has threads.
//!
//! Run: `cargo 03-asyncio blocking`, then with `--nap thread` and with `--nap awaited`

use std::{thread, time::Duration};

use anyhow::Result;
use tokio::task::{JoinSet, spawn_blocking};
use tracing::{Instrument, info_span};

tokio::task_local! {
    static NAME: String;
}

async fn named_task(nap: Nap) -> Result<()> {
    println!("Running task: {}", NAME.get());
    let second = lab::seconds(1.0);
    match nap {
        Nap::Blocking => thread::sleep(second),
        Nap::Thread => spawn_blocking(move || thread::sleep(second)).await?,
        Nap::Awaited => tokio::time::sleep(second).await,
    }
    Ok(())
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Nap {
    /// The thread's sleep, on the event loop: the mistake
    Blocking,
    /// The thread's sleep, on another thread: what to do with a call that blocks
    Thread,
    /// tokio's sleep, awaited: the right way
    Awaited,
}

/// Tasks that block the event loop, and what to do with them
#[derive(clap::Args)]
pub struct Args {
    /// Name of each task
    #[arg(default_values = ["A", "B", "C"])]
    names: Vec<String>,
    /// How each task rests for a second
    #[arg(long, default_value = "blocking")]
    nap: Nap,
    /// Seconds of an unbroken turn from which on it is reported, whatever the pace
    #[arg(long, default_value = "0.1", value_parser = lab::args::seconds)]
    slow: f64,
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
