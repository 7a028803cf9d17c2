//! Ctrl-C as an event.

use std::{
    convert::Infallible,
    sync::{Arc, atomic::AtomicBool},
    thread,
};

use anyhow::{Context, Result};
use crossbeam::channel::{self, Receiver};
use signal_hook::{consts::SIGINT, flag, iterator::Signals};

/// Nothing is ever sent; that its sender is gone is the event.
pub type Event = Receiver<Infallible>;

/// The event of the first Ctrl-C. A second one ends the program at once: an end in good order takes for ever where
/// nobody reads what it prints (Ctrl-S in a terminal).
pub fn event() -> Result<Event> {
    let (happened, event) = channel::bounded::<Infallible>(0);
    let once = Arc::new(AtomicBool::new(false));
    // In this order: what the first sets is looked at by the second.
    flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&once))
        .and_then(|_| flag::register(SIGINT, once))
        .context("cannot listen for Ctrl-C")?;
    let mut signals = Signals::new([SIGINT]).context("cannot listen for Ctrl-C")?;
    thread::spawn(move || {
        signals.forever().next();
        drop(happened);
    });
    Ok(event)
}
