//! Consumes what is in the queue, and does not lose what it has in hand.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::Ordering::Relaxed,
};

use crossbeam::channel::{Receiver, select};
use tracing::info_span;

use super::{args::Args, counts::Counts, ctrl_c::Event};

/// Works until the queue is empty and all producers are gone; after a panic, from where it was.
pub fn consumer(args: &Args, queue: &Receiver<u64>, interrupted: &Event, counts: &Counts) {
    let mut in_hand = None;
    let mut work = || {
        while let Some(number) = in_hand.or_else(|| queue.recv().ok()) {
            in_hand = Some(number);
            consume(number, args, interrupted, counts);
            in_hand = None;
        }
    };
    while catch_unwind(AssertUnwindSafe(&mut work)).is_err() {
        counts.panics.fetch_add(1, Relaxed);
    }
}

fn consume(number: u64, args: &Args, interrupted: &Event, counts: &Counts) {
    let _span = info_span!("consume", number).entered();
    let taken = counts.taken.fetch_add(1, Relaxed) + 1;
    assert_ne!(args.panic_on, Some(taken), "told to fail");
    select! {
        recv(interrupted) -> _ => {}
        default(lab::seconds(args.work)) => {}
    }
    println!("Consumed: {number}");
    counts.consumed.fetch_add(1, Relaxed);
}
