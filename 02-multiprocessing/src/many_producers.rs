//! Many processes send to one queue, a square each.
//!
//! Ports: introduction section 7
//! Python → Rust: `Queue()` → `Queue::new()` · `put` → `send` · `get` until `empty()` → iteration
//!
//! Each process has a clone of the sender, and `run` drops its own: the queue ends with the last. Python has to count.
//!
//! Run: `cargo 02-multiprocessing many-producers --items 8` (the order of the lines may vary)

use anyhow::Result;
use multiprocessing::{Process, Queue, Sender, Tasks};
use tracing::info_span;

fn square(x: u64, output_queue: Sender<u64>) -> multiprocessing::Result<()> {
    let _span = info_span!("square", x).entered();
    output_queue.send(x * x)
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(square);
}

/// Many processes send to one queue
#[derive(clap::Args)]
pub struct Args {
    /// Numbers from 1, and as many processes
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u64).range(1..=1000))]
    items: u64,
}

pub fn run(args: Args) -> Result<()> {
    let Queue { sender, receiver } = Queue::new()?;
    let mut processes = Vec::new();
    for number in 1..=args.items {
        processes.push(Process::spawn(square, (number, sender.clone()))?);
    }
    drop(sender);
    for value in receiver.iter() {
        println!("Squared value: {}", value?);
    }
    for process in processes {
        process.join()?;
    }
    Ok(())
}
