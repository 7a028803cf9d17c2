//! Producers and consumers with a bounded queue between them, and an orderly end.
//!
//! Ports: slideshow slide 8
//! Python → Rust: `queue.Queue(maxsize)` → `channel::bounded` · `event.set()` → dropping the sender of
//! a channel that never carries anything · `while not event.is_set()` → `select!`
//! · the sentinel `None` → the end of the channel
//!
//! A full queue holds its producer back (back-pressure: try `--work 3 --capacity 2`). Producers stop
//! on the event; consumers stop when all producers are gone and the queue is empty, without polling
//! and without a time-out. On Ctrl-C the same happens, with what is left done at once. A consumer
//! that panics (`--panic-on 3`) is started anew with the item it had in hand. So whatever happens,
//! produced = consumed. The numbers come from `--seed` by Knuth's MMIX generator, as in the twin:
//! state × 6364136223846793005 + 1442695040888963407.
//!
//! Run: `cargo 05-patterns producer-consumer --producers 2 --consumers 3`
//! The order of the lines may vary.

mod consumer;
mod producer;

use std::{convert::Infallible, sync::atomic::AtomicU64, thread};

use anyhow::{Context, Result, ensure};
use consumer::consumer;
use crossbeam::channel::{self, Receiver, TryRecvError, select};
use producer::producer;
use signal_hook::{consts::SIGINT, iterator::Signals};

/// A bounded queue between producers and consumers
#[derive(clap::Args)]
pub struct Args {
    /// Seconds after which the producers stop
    #[arg(long, default_value = "10", value_parser = lab::args::seconds)]
    seconds: f64,
    /// Seconds between two numbers of a producer
    #[arg(long, default_value = "1", value_parser = interval)]
    every: f64,
    /// Seconds that a consumer works on a number
    #[arg(long, default_value = "0", value_parser = lab::args::seconds)]
    work: f64,
    /// Threads that produce
    #[arg(long, default_value = "1", value_parser = clap::value_parser!(u16).range(1..=1000))]
    producers: u16,
    /// Threads that consume
    #[arg(long, default_value = "1", value_parser = clap::value_parser!(u16).range(1..=1000))]
    consumers: u16,
    /// Numbers that the queue holds
    #[arg(long, default_value = "10", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    capacity: u32,
    /// Where the first producer's random numbers begin; the next one's begin at the next seed
    #[arg(long, default_value = "1")]
    seed: u64,
    /// The consumer that takes this one, counted from 1, panics
    #[arg(long)]
    panic_on: Option<u64>,
}

/// Nothing is ever sent; that its sender is gone is the event.
type Event = Receiver<Infallible>;

#[derive(Default)]
struct Counts {
    produced: AtomicU64,
    taken: AtomicU64,
    consumed: AtomicU64,
    panics: AtomicU64,
}

fn interval(text: &str) -> Result<f64, String> {
    match lab::args::seconds(text)? {
        seconds if seconds >= 0.001 => Ok(seconds),
        _ => Err("must be at least 0.001".into()),
    }
}

pub fn run(args: &Args) -> Result<()> {
    let counts = Counts::default();
    let (queue, items) = channel::bounded(args.capacity as usize);
    let (stop, stopped) = channel::bounded::<Infallible>(0);
    let interrupted = ctrl_c()?;
    thread::scope(|scope| {
        for number in 0..args.producers {
            let (queue, stopped, counts) = (queue.clone(), &stopped, &counts);
            let seed = args.seed.wrapping_add(number.into());
            let thread = thread::Builder::new().name(format!("producer-{}", number + 1));
            thread.spawn_scoped(scope, move || producer(seed, args, &queue, stopped, counts))?;
        }
        drop(queue); // each producer has its own end of it
        for number in 0..args.consumers {
            let thread = thread::Builder::new().name(format!("consumer-{}", number + 1));
            thread.spawn_scoped(scope, || consumer(args, &items, &interrupted, &counts))?;
        }
        select! {
            recv(interrupted) -> _ => {}
            default(lab::seconds(args.seconds)) => {}
        }
        drop(stop); // Python: event.set()
        anyhow::Ok(())
    })?;
    let (produced, consumed) = (counts.produced.into_inner(), counts.consumed.into_inner());
    println!("{produced} produced, {consumed} consumed");
    ensure!(produced == consumed, "{} numbers were lost", produced.abs_diff(consumed));
    let panics = counts.panics.into_inner();
    ensure!(panics == 0, "a consumer panicked, and its number was consumed after all");
    match interrupted.try_recv() {
        Err(TryRecvError::Disconnected) => Err(lab::Interrupted.into()),
        _ => Ok(()),
    }
}

/// The event of Ctrl-C.
fn ctrl_c() -> Result<Event> {
    let (happened, event) = channel::bounded::<Infallible>(0);
    let mut signals = Signals::new([SIGINT]).context("cannot listen for Ctrl-C")?;
    thread::spawn(move || {
        signals.forever().next();
        drop(happened);
    });
    Ok(event)
}
