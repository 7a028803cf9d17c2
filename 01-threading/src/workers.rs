//! Workers wait side by side: three waits of two seconds take two seconds, not six.
//!
//! Ports: approaches slide 2 · techniques slide 2
//! Python → Rust: `Thread(target=worker, args=(name,))` and `start` → `thread::spawn` · `join` → `join`
//!
//! `move` gives each thread its name to keep: a thread may outlive the function that starts it, so it must own
//! what it uses (`tests/refused/borrowed.rs`). A span marks a unit of work for pictures of a run; where nobody
//! records them, it costs nothing.
//!
//! Run: `cargo 01-threading workers A B`
//! Lines of different workers may swap.

use std::thread;

use anyhow::Result;
use tracing::info_span;

fn worker(name: &str) {
    let _span = info_span!("worker", name).entered();
    println!("Worker {name} starting");
    thread::sleep(lab::seconds(2.0));
    println!("Worker {name} finished");
}

/// Workers wait side by side
#[derive(clap::Args)]
pub struct Args {
    /// Name of each worker
    #[arg(default_values = ["0", "1", "2"])]
    names: Vec<String>,
}

pub fn run(args: Args) -> Result<()> {
    let mut threads = Vec::new();
    for name in args.names {
        threads.push(thread::spawn(move || worker(&name)));
    }
    for thread in threads {
        thread.join().expect("no worker panics");
    }
    println!("All workers finished");
    Ok(())
}
