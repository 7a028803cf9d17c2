//! A queue of work: `join` returns when every item is done, not when the queue is empty.
//!
//! Ports: introduction section 4
//! Python → Rust: `queue.Queue` → `crossbeam::channel` · `task_done` and `Queue.join` →
//! `crossbeam::sync::WaitGroup` · the sentinel `None` → dropping the sender
//!
//! A clone of the wait group goes with each item. Dropping it is its `task_done`: it cannot be
//! forgotten, not even by a `return` or a panic on the way. With the last sender gone the worker's
//! loop ends by itself, however many workers there are; Python needs a sentinel for each.
//!
//! Run: `cargo 01-threading work-queue --items 20 --workers 4`
//! With several workers the order of the lines varies.

use std::thread;

use anyhow::Result;
use crossbeam::{
    channel::{self, Receiver},
    sync::WaitGroup,
};
use tracing::info_span;

fn worker(queue: Receiver<(u32, WaitGroup)>) {
    for (item, task_done) in queue {
        let _span = info_span!("process", item).entered();
        println!("Processing: {item}");
        drop(task_done);
    }
}

/// A queue that knows when its items are done
#[derive(clap::Args)]
pub struct Args {
    /// Items to put into the queue
    #[arg(long, default_value = "10", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    items: u32,
    /// Threads that take from it
    #[arg(long, default_value = "1", value_parser = clap::value_parser!(u32).range(1..=1000))]
    workers: u32,
}

pub fn run(args: Args) -> Result<()> {
    let (work_queue, items) = channel::unbounded();
    let all_done = WaitGroup::new();
    for item in 0..args.items {
        work_queue.send((item, all_done.clone()))?;
    }
    let mut threads = Vec::new();
    for _ in 0..args.workers {
        let items = items.clone();
        threads.push(thread::spawn(move || worker(items)));
    }
    all_done.wait(); // Python: work_queue.join()
    drop(work_queue); // Python: work_queue.put(None)
    for thread in threads {
        thread.join().expect("no worker panics");
    }
    Ok(())
}
