//! Items cross between processes by a queue, and none is lost.
//!
//! Ports: techniques slide 6 · introduction section 7 · slideshow slide 10
//! Python → Rust: `Queue()` → `Queue::new()`, split into `Sender` and `Receiver` · `put` → `send` ·
//! `get` → `recv` or iteration · the end marker `None`, and `empty()` → the end of the iteration
//!
//! The queue ends when its last sender is gone, also when that process was killed: no marker that a
//! producer could fail to send. Python's `empty()` may say yes while an item is on its way, and its
//! `join` before the queue is emptied hangs once the items outgrow the pipe; here the items are read
//! first, to the end, and then the processes are joined.
//!
//! Run: `cargo 02-multiprocessing queue --items 10 --words slideshow`
//! With several producers (introduction) the order of the lines varies, with the slideshow's two
//! processes how their lines mix.

use anyhow::Result;
use multiprocessing::{Process, Queue, Receiver, Sender, Tasks};
use tracing::info_span;

/// Items cross between processes
#[derive(clap::Args)]
pub struct Args {
    /// Items to send
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    items: u32,
    /// Whose processes and printed lines to use
    #[arg(long, default_value = "techniques")]
    words: Words,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Words {
    /// One process sends the squares of 1, 2, 3 and so on
    Techniques,
    /// A process for each square
    Introduction,
    /// A producer process and a consumer process
    Slideshow,
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(square_numbers).process(produce).process(consume);
}

pub fn run(args: &Args) -> Result<()> {
    let Queue { sender, receiver } = Queue::new()?;
    let mut processes = Vec::new();
    match args.words {
        Words::Techniques => {
            processes.push(Process::spawn(square_numbers, (1, args.items, sender))?);
            receiver
                .iter()
                .try_for_each(|square| square.map(|square: u64| println!("{square}")))?;
        }
        Words::Introduction => {
            for number in 1..=args.items {
                processes.push(Process::spawn(square_numbers, (number, number, sender.clone()))?);
            }
            drop(sender);
            let show = |square: u64| println!("Squared value: {square}");
            receiver.iter().try_for_each(|square| square.map(show))?;
        }
        Words::Slideshow => {
            processes.push(Process::spawn(produce, (args.items, sender))?);
            processes.push(Process::spawn(consume, (receiver,))?);
        }
    }
    Ok(processes.into_iter().try_for_each(Process::join)?)
}

fn square_numbers(first: u32, last: u32, squares: Sender<u64>) -> multiprocessing::Result<()> {
    let _span = info_span!("square_numbers", first, last).entered();
    (first..=last).try_for_each(|number| squares.send(u64::from(number).pow(2)))
}

fn produce(items: u32, queue: Sender<u64>) -> multiprocessing::Result<()> {
    let _span = info_span!("produce", items).entered();
    for item in 0..items {
        queue.send(item.into())?;
        println!("Producer put {item} in the queue.");
    }
    Ok(())
}

fn consume(queue: Receiver<u64>) -> multiprocessing::Result<()> {
    let _span = info_span!("consume").entered();
    for item in queue.iter() {
        println!("Consumer got {} from the queue.", item?);
    }
    Ok(())
}
