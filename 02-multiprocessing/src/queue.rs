//! A process sends squares by a queue, and none is lost.
//!
//! Ports: techniques slide 6
//! Python → Rust: `Queue()` → `Queue::new()`, which has two ends · `put` → `send` · `get` until `empty()` → iteration
//!
//! The queue ends when its last sender is gone, also by a kill: there is no end marker that could be forgotten.
//! Python's `empty()` may say yes while an item is on its way, and its `join` before the queue is emptied hangs once
//! the items outgrow the pipe: here as in the twin the items are read first, to the end, then the process is joined.
//!
//! Run: `cargo 02-multiprocessing queue --items 10`

use anyhow::Result;
use multiprocessing::{Process, Queue, Sender, Tasks};
use tracing::info_span;

fn square_numbers(items: u64, queue: Sender<u64>) -> multiprocessing::Result<()> {
    let _span = info_span!("square_numbers", items).entered();
    for n in 1..=items {
        queue.send(n * n)?;
    }
    Ok(())
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(square_numbers);
}

/// Items cross between two processes
#[derive(clap::Args)]
pub struct Args {
    /// Squares to send
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u64).range(..=1_000_000))]
    items: u64,
}

pub fn run(args: Args) -> Result<()> {
    let Queue { sender, receiver } = Queue::new()?;
    let process = Process::spawn(square_numbers, (args.items, sender))?;
    for square in receiver.iter() {
        println!("{}", square?);
    }
    process.join()?;
    Ok(())
}
