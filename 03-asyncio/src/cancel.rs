//! Tasks of which one fails: the others are cancelled where they wait, and say so; so they do on Ctrl-C.
//!
//! Extends: event-loop
//! Python → Rust: `asyncio.TaskGroup` → `JoinSet` · `except CancelledError` → `Drop` · `asyncio.run`, Ctrl-C
//! included → `lab::event_loop::run`
//!
//! To cancel a task is to drop it where it waits: what it owns is dropped too, and no code of its own runs but that
//! of `Drop`. A `JoinSet` that goes out of scope cancels its tasks, so the first error ends them all; `asyncio.gather`
//! would leave the others running. `#[tokio::main]` leaves Ctrl-C to the system, which ends the program where it
//! stands; this event loop drops `main`, and with it the tasks, as `asyncio.run` does.
//!
//! Run: `cargo 03-asyncio cancel A=2 B=1 C=3 --fail B`, or press Ctrl-C while it runs

use anyhow::{Result, ensure};
use lab::Misuse;
use tokio::task::JoinSet;
use tracing::instrument;

#[instrument(skip_all, fields(%name))]
async fn task(name: String, duration: f64, fails: bool) -> Result<()> {
    println!("Task {name} starting");
    let mut unless_cancelled = SayCancelled(Some(&name));
    tokio::time::sleep(lab::seconds(duration)).await;
    unless_cancelled.0 = None;
    ensure!(!fails, "task {name} failed after {duration} seconds");
    println!("Task {name} completed after {duration} seconds");
    Ok(())
}

/// Says, when it is dropped, that the task of that name was cancelled.
struct SayCancelled<'a>(Option<&'a str>);

impl Drop for SayCancelled<'_> {
    fn drop(&mut self) {
        if let Some(name) = self.0 {
            println!("Task {name} cancelled");
        }
    }
}

/// Tasks of which one fails, and the others are cancelled
#[derive(clap::Args)]
pub struct Args {
    /// Name and duration of each task
    #[arg(value_name = "NAME=SECONDS", default_values = ["A=2", "B=1", "C=3"])]
    #[arg(value_parser = |text: &str| lab::args::named(text, lab::args::seconds))]
    tasks: Vec<(String, f64)>,
    /// The task that fails at its end
    #[arg(long, value_name = "NAME")]
    fail: Option<String>,
}

pub fn run(args: Args) -> Result<()> {
    lab::event_loop::run(main(args))
}

async fn main(args: Args) -> Result<()> {
    if let Some(fail) = &args.fail
        && !args.tasks.iter().any(|(name, _)| name == fail)
    {
        return Err(Misuse(format!("--fail {fail}: there is no such task")).into());
    }
    let mut tasks = JoinSet::new();
    for (name, duration) in args.tasks {
        let fails = args.fail.as_ref() == Some(&name);
        tasks.spawn(task(name, duration, fails));
    }
    while let Some(done) = tasks.join_next().await {
        done??; // An error returns, which drops `tasks`. The first `?` is for a task that panicked.
    }
    Ok(())
}
