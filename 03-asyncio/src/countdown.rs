//! Two countdowns take turns on one event loop.
//!
//! Ports: approaches slide 9 · techniques slide 9
//! Python → Rust: `asyncio.create_task` → `tokio::spawn` · `asyncio.gather` →
//! `futures_util::future::try_join_all`, or `tokio::try_join!` where their number is fixed
//!
//! A Rust future does nothing until it is polled; `tokio::spawn` has it polled from now on, as
//! `create_task` does. A task may outlive its caller, so it owns its name. On `multi_thread` the
//! countdowns could truly run at once, and what a task holds across an `.await` would have to be
//! `Send` (`tests/refused/guard_across_await.rs`).
//!
//! Run: `cargo 03-asyncio countdown A=5 B=3`
//! The order of lines that fall on the same second may vary.

use anyhow::Result;
use futures_util::future::try_join_all;
use tracing::instrument;

/// Countdowns take turns on one event loop
#[derive(clap::Args)]
pub struct Args {
    /// Name of each countdown and where it starts
    #[arg(value_name = "NAME=N", default_values = ["Countdown 1=3", "Countdown 2=5"])]
    #[arg(value_parser = |text: &str| lab::args::named(text, seconds_to_go))]
    countdowns: Vec<(String, u32)>,
    /// Whose printed lines to use
    #[arg(long, default_value = "approaches")]
    words: Words,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Words {
    Approaches,
    Techniques,
}

fn seconds_to_go(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(seconds @ 0..=3600) => Ok(seconds),
        _ => Err("must be a whole number from 0 to 3600".into()),
    }
}

pub fn run(args: Args) -> Result<()> {
    lab::event_loop::run(main(args))
}

async fn main(args: Args) -> Result<()> {
    let start = |(name, n)| tokio::spawn(countdown(name, n, args.words));
    let tasks: Vec<_> = args.countdowns.into_iter().map(start).collect();
    try_join_all(tasks).await?;
    Ok(())
}

#[instrument(skip_all, fields(name))]
async fn countdown(name: String, n: u32, words: Words) {
    for n in (1..=n).rev() {
        println!("{name}: {n}");
        tokio::time::sleep(lab::seconds(1.0)).await;
    }
    match words {
        Words::Approaches => println!("{name}: Countdown finished!"),
        Words::Techniques => {}
    }
}
