//! Two countdowns take turns on one event loop.
//!
//! Ports: approaches slide 9 · techniques slide 9
//! Python → Rust: `asyncio.create_task` → `tokio::spawn` · `await task` → `task.await`
//!
//! `tokio::spawn` has a future polled from now on, whoever awaits it or not. The task may outlive the function that
//! spawns it, so it owns its name; and what it keeps across an `.await` must be able to move to another thread
//! (`Send`), on this runtime of one thread too: `spawn` cannot know on which it is called
//! (`tests/refused/rc_across_await.rs`).
//!
//! Run: `cargo 03-asyncio countdown A=5 B=3`
//! The order of lines that fall on the same second may vary.

use anyhow::Result;
use tracing::instrument;

#[instrument(skip_all, fields(%name))]
async fn countdown(name: String, n: u32) {
    for n in (1..=n).rev() {
        println!("{name}: {n}");
        tokio::time::sleep(lab::seconds(1.0)).await;
    }
    println!("{name}: Countdown finished!");
}

/// Countdowns take turns on one event loop
#[derive(clap::Args)]
pub struct Args {
    /// Name of each countdown and where it starts
    #[arg(value_name = "NAME=N", default_values = ["Countdown 1=3", "Countdown 2=5"])]
    #[arg(value_parser = |text: &str| lab::args::named(text, lab::args::whole_seconds))]
    countdowns: Vec<(String, u32)>,
}

#[tokio::main(flavor = "current_thread")]
pub async fn run(args: Args) -> Result<()> {
    let mut tasks = Vec::new();
    for (name, n) in args.countdowns {
        tasks.push(tokio::spawn(countdown(name, n)));
    }
    for task in tasks {
        task.await?;
    }
    Ok(())
}
