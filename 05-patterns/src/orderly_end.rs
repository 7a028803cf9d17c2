//! Producers and consumers with a bounded queue between them, and an orderly end.
//!
//! Extends: producer-consumer
//! Python → Rust: `queue.Queue(maxsize)` → `channel::bounded` · the sentinel `None` → the end of the channel ·
//! `signal.signal(SIGINT, …)` → `signal_hook`
//!
//! A full queue holds its producer back (back-pressure: try `--work 3 --capacity 2`). Producers stop on the event;
//! consumers when all producers are gone and the queue is empty, without polling and without a time-out. On Ctrl-C
//! the same happens, with what is left done at once; a second one ends the program on the spot. A consumer that panics
//! (`--panic-on 3`) is started anew with the item it had in hand. So whatever happens, produced = consumed.
//!
//! Run: `cargo 05-patterns orderly-end --producers 2 --consumers 3`. The order of the lines may vary.

mod args;
mod consumer;
mod counts;
mod ctrl_c;
mod producer;

use std::{convert::Infallible, thread, time::Instant};

use anyhow::Result;
pub use args::Args;
use consumer::consumer;
use counts::Counts;
use crossbeam::channel::{self, TryRecvError, select};
use producer::producer;

pub fn run(args: Args) -> Result<()> {
    let counts = Counts::default();
    let (queue, items) = channel::bounded(args.capacity as usize);
    let (stop, stopped) = channel::bounded::<Infallible>(0);
    let interrupted = ctrl_c::event()?;
    let begin = Instant::now(); // of all producers, however late a busy machine starts their threads
    // A scope joins its threads before it returns: they may borrow what is in this function.
    thread::scope(|scope| {
        for number in 0..args.producers {
            let (queue, args, stopped, counts) = (queue.clone(), &args, &stopped, &counts);
            let seed = args.seed.wrapping_add(number.into());
            let thread = thread::Builder::new().name(format!("producer-{}", number + 1));
            let produce = move || producer(seed, begin, args, &queue, stopped, counts);
            thread.spawn_scoped(scope, produce)?;
        }
        drop(queue); // each producer has its own end of it
        for number in 0..args.consumers {
            let thread = thread::Builder::new().name(format!("consumer-{}", number + 1));
            thread.spawn_scoped(scope, || consumer(&args, &items, &interrupted, &counts))?;
        }
        select! {
            recv(interrupted) -> _ => {}
            default(lab::seconds(args.seconds)) => {}
        }
        drop(stop); // Python: event.set()
        anyhow::Ok(())
    })?;
    counts.close()?;
    match interrupted.try_recv() {
        Err(TryRecvError::Disconnected) => Err(lab::Interrupted.into()),
        _ => Ok(()),
    }
}
