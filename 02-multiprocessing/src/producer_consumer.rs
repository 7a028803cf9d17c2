//! A process puts numbers into a queue, another takes them out.
//!
//! Ports: slideshow slide 10
//! Python → Rust: `put` → `send` · `get` until `None` → iteration · `put(None)` → nothing
//!
//! Both ends move away into the processes, so that `run` has none: the consumer's loop ends when the producer, its
//! only sender, has. In Python the parent has to send the end marker, and must not forget to.
//!
//! Run: `cargo 02-multiprocessing producer-consumer`
//! How the lines of the two processes mix varies.

use anyhow::Result;
use multiprocessing::{Process, Queue, Receiver, Sender, Tasks};
use tracing::info_span;

fn producer(items: u32, queue: Sender<u32>) {
    let _span = info_span!("producer", items).entered();
    for i in 0..items {
        if queue.send(i).is_err() {
            break; // The consumer has ended, and its own `join` says why.
        }
        println!("Producer put {i} in the queue.");
    }
}

fn consumer(queue: Receiver<u32>) -> multiprocessing::Result<()> {
    let _span = info_span!("consumer").entered();
    for item in queue.iter() {
        println!("Consumer got {} from the queue.", item?);
    }
    Ok(())
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(producer).process(consumer);
}

/// A producer and a consumer, a process each
#[derive(clap::Args)]
pub struct Args {
    /// Numbers from 0 to send
    #[arg(long, default_value = "10", value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    items: u32,
}

pub fn run(args: Args) -> Result<()> {
    let Queue { sender, receiver } = Queue::new()?;
    let producer_process = Process::spawn(producer, (args.items, sender))?;
    let consumer_process = Process::spawn(consumer, (receiver,))?;
    producer_process.join()?;
    consumer_process.join()?;
    Ok(())
}
