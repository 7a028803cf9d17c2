//! Ctrl-C.

use anyhow::{Context, Result};
use nix::sys::signal::{SigSet, Signal};

/// Ctrl-C, and what asks a program to end.
pub fn interrupts() -> SigSet {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGINT);
    signals.add(Signal::SIGTERM);
    signals
}

/// Keeps Ctrl-C for the next recording, which it stops.
///
/// # Errors
/// If the system does not let signals be held.
pub fn hold_interrupts() -> Result<()> {
    interrupts().thread_block().context("cannot hold signals")
}
