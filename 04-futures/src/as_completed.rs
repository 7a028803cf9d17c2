//! Futures that are awaited in the order in which they complete, each with a result of its own.
//!
//! Ports: introduction section 10 · approaches slide 13
//! Python → Rust: `executor.submit` → `JoinSet::spawn_blocking` · `as_completed` →
//! `JoinSet::join_next_with_id` · `max_workers` → `max_blocking_threads` · `future.result()` →
//! `Result`, twice: did the task panic, and what did it return
//!
//! In Python `future.result()` raises what the task raised, and a loop that does not catch it ends
//! there. Here the error is a value that cannot be overlooked: the failed task is reported, the
//! others go on (`--fail 2`, `--panic 2`), and the exit code tells.
//!
//! Run: `cargo 04-futures as-completed --tasks 3 --words approaches`
//! The order of squares may vary; that of tasks is the order of their 1, 2 and 3 s.

use std::{collections::HashMap, thread};

use anyhow::{Result, ensure};
use tokio::{runtime::Builder, task::JoinSet};
use tracing::info_span;

/// Results as they complete, an error where one failed
#[derive(clap::Args)]
pub struct Args {
    /// Tasks, numbered from 1
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    tasks: u32,
    /// Threads that run them
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u16).range(1..=1000))]
    workers: u16,
    /// Have the task of this number return an error
    #[arg(long)]
    fail: Option<u32>,
    /// Have the task of this number panic
    #[arg(long)]
    panic: Option<u32>,
    /// Whose tasks and printed lines to use
    #[arg(long, default_value = "introduction")]
    words: Words,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Words {
    Introduction,
    Approaches,
}

pub fn run(args: Args) -> Result<()> {
    let workers = args.workers.into();
    let runtime = Builder::new_current_thread().max_blocking_threads(workers).build()?;
    runtime.block_on(as_completed(args))
}

async fn as_completed(args: Args) -> Result<()> {
    let mut futures = JoinSet::new();
    let (tasks, args) = (args.tasks, std::sync::Arc::new(args));
    let number_of: HashMap<_, _> = (1..=tasks)
        .map(|number| {
            let args = args.clone();
            (futures.spawn_blocking(move || task(number, &args)).id(), number)
        })
        .collect();
    let mut failed = 0;
    while let Some(completed) = futures.join_next_with_id().await {
        let (id, result) = match completed {
            Ok((id, result)) => (id, result),
            Err(panic) => (panic.id(), Err(panic.into())),
        };
        match result {
            Ok(line) => println!("{line}"),
            Err(error) => {
                eprintln!("task {} failed: {error:#}", number_of[&id]);
                failed += 1;
            }
        }
    }
    ensure!(failed == 0, "{failed} of {tasks} tasks failed");
    Ok(())
}

fn task(number: u32, args: &Args) -> Result<String> {
    let _span = info_span!("task", number).entered();
    assert!(args.panic != Some(number), "as --panic {number} asks");
    ensure!(args.fail != Some(number), "as --fail {number} asks");
    match args.words {
        Words::Introduction => Ok(format!("Squared value: {}", u64::from(number).pow(2))),
        Words::Approaches => {
            thread::sleep(lab::seconds(number.into()));
            Ok(format!("Task {number} completed"))
        }
    }
}
