//! Produces a number at a time, until the event comes or the time is full.

use std::{sync::atomic::Ordering::Relaxed, time::Instant};

use crossbeam::channel::{self, Sender, select, select_biased};
use tracing::info_span;

use super::{args::Args, counts::Counts, ctrl_c::Event};

/// Its first number is due at `begin`.
pub fn producer(
    seed: u64,
    begin: Instant,
    args: &Args,
    queue: &Sender<u64>,
    stopped: &Event,
    counts: &Counts,
) {
    let _span = info_span!("producer", seed).entered();
    let every = lab::seconds(args.every);
    let (mut random, mut due) = (seed, begin);
    // No more than fit into the time. What is due is produced, also if this thread wakes up late.
    for _ in 0..(args.seconds / args.every).ceil() as u64 {
        select_biased! {
            recv(channel::at(due)) -> _ => due += every,
            recv(stopped) -> _ => return,
        }
        random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let number = (random >> 33) % 100 + 1;
        if queue.try_send(number).is_err() {
            println!("Queue full, producer waits");
            select! {
                send(queue, number) -> sent => sent.expect("the scope holds a receiver"),
                recv(stopped) -> _ => return,
            }
            due = Instant::now() + every;
        }
        counts.produced.fetch_add(1, Relaxed);
        println!("Produced: {number}");
    }
}
