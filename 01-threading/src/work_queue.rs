//! A queue of work: `join` returns when every item is done, not when the queue is empty.
//!
//! Ports: introduction section 4
//! Python → Rust: `queue.Queue` → `crossbeam::channel` · `task_done` and `Queue.join` →
//! `crossbeam::sync::WaitGroup` · the sentinel `None` → dropping the sender
//!
//! Each job carries a clone of the wait group. Dropping a job is its `task_done`: it cannot be
//! forgotten, not even by a `return` or a panic on the way. With the last sender gone the workers'
//! loops end by themselves, however many workers there are; Python needs a sentinel for each.
//! crossbeam rather than `std::sync::mpsc`, whose receiver only one thread can have.
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

struct Job {
    item: u32,
    _task_done: WaitGroup,
}

pub fn run(args: &Args) -> Result<()> {
    let (queue, jobs) = channel::unbounded();
    let all_done = WaitGroup::new();
    for item in 0..args.items {
        queue.send(Job { item, _task_done: all_done.clone() })?;
    }
    thread::scope(|scope| {
        for _ in 0..args.workers {
            scope.spawn(|| worker(&jobs));
        }
        all_done.wait(); // Python: work_queue.join()
        drop(queue); // Python: work_queue.put(None)
    });
    Ok(())
}

fn worker(jobs: &Receiver<Job>) {
    for job in jobs {
        let _span = info_span!("process", job.item).entered();
        println!("Processing: {}", job.item);
    }
}
