//! Tasks start in order and finish by duration, all on one thread; one that fails cancels the rest.
//!
//! Ports: approaches slide 11 · comparison section 3
//! Python → Rust: `asyncio.TaskGroup` → `tokio::task::JoinSet` · `except CancelledError` → `Drop`
//!
//! To cancel a task is to drop it where it waits: what it owns is dropped too, and no code of its
//! own runs but that of `Drop`. A `JoinSet` that goes out of scope cancels its tasks, so the first
//! error (`--fail B`) ends them all. `asyncio.gather` would leave the others running; Python's
//! `TaskGroup` (3.11) cancels them. Ctrl-C drops `main` and with it the tasks, as `asyncio.run` does.
//! On `multi_thread` a task could also be running just then: it is cancelled at its next `.await`.
//!
//! Run: `cargo 03-asyncio event-loop A=2 B=1 C=3 --fail B`, or press Ctrl-C while it runs

use anyhow::{Result, ensure};
use tokio::task::JoinSet;
use tracing::instrument;

/// Tasks of different durations on one event loop
#[derive(clap::Args)]
pub struct Args {
    /// Name and duration of each task
    #[arg(value_name = "NAME=SECONDS", default_values = ["A=2", "B=1", "C=3"])]
    #[arg(value_parser = |text: &str| lab::args::named(text, lab::args::seconds))]
    tasks: Vec<(String, f64)>,
    /// The task that fails at its end
    #[arg(long, value_name = "NAME")]
    fail: Option<String>,
    /// Whose printed lines to use
    #[arg(long, default_value = "approaches")]
    words: Words,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Words {
    Approaches,
    Comparison,
}

pub fn run(args: Args) -> Result<()> {
    lab::event_loop::run(main(args))
}

async fn main(args: Args) -> Result<()> {
    let mut tasks = JoinSet::new();
    for (name, duration) in args.tasks {
        let fails = args.fail.as_ref() == Some(&name);
        tasks.spawn(task(name, duration, fails, args.words));
    }
    while let Some(done) = tasks.join_next().await {
        done??; // drops `tasks` if there is an error
    }
    Ok(())
}

#[instrument(skip_all, fields(name))]
async fn task(name: String, duration: f64, fails: bool, words: Words) -> Result<()> {
    match words {
        Words::Approaches => println!("Task {name} starting"),
        Words::Comparison => println!("Starting worker"),
    }
    let mut unless_cancelled = SayCancelled(Some(&name));
    tokio::time::sleep(lab::seconds(duration)).await;
    unless_cancelled.0 = None;
    ensure!(!fails, "task {name} failed after {duration} seconds");
    match words {
        Words::Approaches => println!("Task {name} completed after {duration} seconds"),
        Words::Comparison => println!("Worker finished"),
    }
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
