//! A decision tree: which kind of concurrency for which kind of task.
//!
//! Ports: approaches slide 12
//! Python → Rust: `if`, `elif`, `else` → `match`
//!
//! A `match` has to answer every case: take a line out, and the compiler names a case that is left. These are the
//! answers for Python, whose threads do not compute at the same time; for Rust's beside them, and why: `advice`.
//!
//! Run: `cargo 05-patterns choose`

use anyhow::Result;

fn choose_concurrency_approach(task: &str, io_bound: bool, cpu_bound: bool) -> &'static str {
    match (task, io_bound, cpu_bound) {
        ("network", true, false) => "Asyncio",
        (_, true, false) => "Threading",
        (_, _, true) => "Multiprocessing",
        (_, false, false) => "Sequential execution",
    }
}

/// Which kind of concurrency for which kind of task
#[derive(clap::Args)]
pub struct Args {}

pub fn run(_: Args) -> Result<()> {
    println!("{}", choose_concurrency_approach("network", true, false));
    println!("{}", choose_concurrency_approach("file", true, false));
    println!("{}", choose_concurrency_approach("computation", false, true));
    Ok(())
}
