//! Greetings after 2, 1 and 3 seconds: all of them in 3.
//!
//! Ports: approaches slide 8
//! Python → Rust: `asyncio.run(main())` → `#[tokio::main]` · `asyncio.gather` → `tokio::join!`
//!
//! Calling an `async fn` runs none of it, as in Python: it makes a future, which does nothing until it is polled.
//! `.await` polls one, `join!` all three in turn; for one that is not even kept the compiler has a warning
//! (`tests/refused/forgotten.rs`). `#[tokio::main]` starts an event loop and runs the function on it:
//! `current_thread` is asyncio's model, one thread; tokio's default takes all cores. `#[instrument]` makes the span
//! of an `async fn`.
//!
//! Run: `cargo 03-asyncio hello`

use anyhow::Result;
use tracing::instrument;

#[instrument]
async fn say_hello(name: &str, delay: f64) {
    tokio::time::sleep(lab::seconds(delay)).await;
    println!("Hello, {name}!");
}

/// Greetings after a while, all waiting at once
#[derive(clap::Args)]
pub struct Args {}

#[tokio::main(flavor = "current_thread")]
pub async fn run(_: Args) -> Result<()> {
    // Three futures, and nothing has happened yet.
    let alice = say_hello("Alice", 2.0);
    let bob = say_hello("Bob", 1.0);
    let charlie = say_hello("Charlie", 3.0);
    tokio::join!(alice, bob, charlie);
    Ok(())
}
