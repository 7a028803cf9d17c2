//! Greetings after 2, 1 and 3 seconds: all of them in 3.
//!
//! Ports: approaches slide 8
//! Python → Rust: `asyncio.run(main())` → `lab::event_loop::run(main())` · `asyncio.sleep` →
//! `tokio::time::sleep` · `asyncio.gather` → `tokio::task::JoinSet`
//!
//! Calling an `async fn` runs none of it, as calling a coroutine function does not: it makes a
//! future, which does nothing until it is polled. A task polls it; so does `.await`. One that is
//! forgotten is a warning at run time in Python, when compiling in Rust (`tests/refused/forgotten.rs`).
//! All runs on one thread, as in asyncio. On tokio's `multi_thread` runtime the greetings would
//! come from several threads, and two that are due together in either order.
//!
//! Run: `cargo 03-asyncio hello Alice=2 Bob=1 Charlie=3`

use anyhow::Result;
use tokio::task::JoinSet;
use tracing::instrument;

/// Greetings after a while, all waiting at once
#[derive(clap::Args)]
pub struct Args {
    /// Whom to greet after how many seconds
    #[arg(value_name = "NAME=SECONDS", default_values = ["Alice=2", "Bob=1", "Charlie=3"])]
    #[arg(value_parser = |text: &str| lab::args::named(text, lab::args::seconds))]
    greetings: Vec<(String, f64)>,
}

pub fn run(args: Args) -> Result<()> {
    lab::event_loop::run(main(args))
}

async fn main(args: Args) -> Result<()> {
    let greetings: Vec<_> =
        args.greetings.into_iter().map(|(name, delay)| say_hello(name, delay)).collect();
    // Nothing has happened yet: these are futures. As tasks they are polled, all of them at once.
    let tasks: JoinSet<()> = greetings.into_iter().collect();
    tasks.join_all().await;
    Ok(())
}

#[instrument(skip_all, fields(name))]
async fn say_hello(name: String, delay: f64) {
    tokio::time::sleep(lab::seconds(delay)).await;
    println!("Hello, {name}!");
}
