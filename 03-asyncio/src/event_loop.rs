//! Tasks start in order and finish by duration, all on one thread.
//!
//! Ports: approaches slide 11 · comparison section 3
//! Python → Rust: `create_task` for each, `gather` → `JoinSet::spawn`, `join_all`
//!
//! The event loop runs whichever task can go on, until its next `.await`: between two of them nothing else happens
//! on this thread. A `JoinSet` holds tasks whose number is known only when the program runs; dropped before they are
//! done, it cancels them, see `cancel`.
//!
//! Run: `cargo 03-asyncio event-loop A=2 B=1 C=3`
//! The order of lines that fall on the same moment may vary.

use anyhow::Result;
use tokio::task::JoinSet;
use tracing::instrument;

#[instrument(skip_all, fields(%name))]
async fn task(name: String, duration: f64) {
    println!("Task {name} starting");
    tokio::time::sleep(lab::seconds(duration)).await;
    println!("Task {name} completed after {duration} seconds");
}

/// Tasks of different durations on one event loop
#[derive(clap::Args)]
pub struct Args {
    /// Name and duration of each task
    #[arg(value_name = "NAME=SECONDS", default_values = ["A=2", "B=1", "C=3"])]
    #[arg(value_parser = |text: &str| lab::args::named(text, lab::args::seconds))]
    tasks: Vec<(String, f64)>,
}

#[tokio::main(flavor = "current_thread")]
pub async fn run(args: Args) -> Result<()> {
    let mut tasks = JoinSet::new();
    for (name, duration) in args.tasks {
        tasks.spawn(task(name, duration));
    }
    tasks.join_all().await;
    Ok(())
}
