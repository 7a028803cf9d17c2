//! Futures of which some fail: each failure is told from its own future, the other tasks finish.
//!
//! Extends: as-completed
//! Python → Rust: a dictionary from future to number → a map from `task::Id` · `future.result()` → `Result`, twice:
//! did the task panic, and what did it return
//!
//! In Python `result()` raises what the task raised, and a loop that does not catch it ends there. Here the error is a
//! value that cannot be overlooked: the failed task is named, the others go on, and the exit code tells.
//!
//! Run: `cargo 04-futures failing-futures --tasks 6 --fail 2 --panic 4`

use std::{collections::HashMap, thread};

use anyhow::{Result, ensure};
use tokio::{runtime::Builder, task::JoinSet};
use tracing::info_span;

fn task(number: u32, fails: bool, panics: bool) -> Result<String> {
    let _span = info_span!("task", number).entered();
    assert!(!panics, "as --panic {number} asks");
    ensure!(!fails, "as --fail {number} asks");
    thread::sleep(lab::seconds(number.into()));
    Ok(format!("Task {number} completed"))
}

/// Tasks of which some fail, each with a result or an error of its own
#[derive(clap::Args)]
pub struct Args {
    /// Tasks, numbered from 1: each waits so many seconds
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
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
}

pub fn run(args: Args) -> Result<()> {
    let workers = args.workers.into();
    let runtime = Builder::new_current_thread().max_blocking_threads(workers).build()?;
    runtime.block_on(async {
        let mut futures = JoinSet::new();
        let mut number_of = HashMap::new();
        for number in 1..=args.tasks {
            let (fails, panics) = (args.fail == Some(number), args.panic == Some(number));
            let future = futures.spawn_blocking(move || task(number, fails, panics));
            number_of.insert(future.id(), number);
        }
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
        ensure!(failed == 0, "{failed} of {} tasks failed", args.tasks);
        Ok(())
    })
}
