//! A producer, a consumer, a queue between them, and an event that ends them: what is produced is consumed.
//!
//! Ports: slideshow slide 8
//! Python → Rust: `queue.Queue()` → `channel::unbounded()` · `event.set()` → `drop(event)` · `sleep(1)` → `select_biased!`
//!
//! The consumer needs neither event nor time-out: its loop ends when the sender is gone, with the producer, and the
//! queue is empty. A queue with a bound, many of each, Ctrl-C and a panic: `orderly-end`.
//!
//! Run: `cargo 05-patterns producer-consumer --seed 7`. The order of the lines may vary.

use std::{thread, time::Instant};

use anyhow::Result;
use crossbeam::channel::{self, Receiver, Sender, select_biased};
use tracing::info_span;

fn producer(queue: Sender<u64>, event: Receiver<()>, seed: u64, begin: Instant) {
    let _span = info_span!("producer", seed).entered();
    let (mut random, mut due) = (seed, begin);
    // The event ends it after ten; the bound is for a machine so busy that the event is late.
    for _ in 0..10 {
        random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let number = (random >> 33) % 100 + 1;
        queue.send(number).expect("the consumer is there");
        println!("Produced: {number}");
        due += lab::seconds(1.0);
        select_biased! { // of two that have come, the upper one
            recv(channel::at(due)) -> _ => {}
            recv(event) -> _ => return,
        }
    }
}

fn consumer(queue: Receiver<u64>) {
    for number in queue {
        let _span = info_span!("consume", number).entered();
        println!("Consumed: {number}");
    }
}

/// A queue between a producer and a consumer
#[derive(clap::Args)]
pub struct Args {
    /// Where the random numbers begin: Knuth's MMIX generator, to have the same in both languages
    #[arg(long, default_value = "1")]
    seed: u64,
}

pub fn run(args: Args) -> Result<()> {
    let (queue, items) = channel::unbounded();
    let (event, stopped) = channel::bounded(0);
    let begin = Instant::now();
    let producer = thread::spawn(move || producer(queue, stopped, args.seed, begin));
    let consumer = thread::spawn(move || consumer(items));
    thread::sleep(lab::seconds(9.5)); // half a second before an eleventh number
    drop(event); // Python: event.set()
    producer.join().expect("the producer does not panic");
    consumer.join().expect("the consumer does not panic");
    Ok(())
}
