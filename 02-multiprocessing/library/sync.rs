//! Threads, locks and time. `races/checked` puts a checker of schedules in their place, under which this source runs too.

pub(crate) use std::sync::atomic::AtomicBool;
pub(crate) use std::sync::mpsc;
pub(crate) use std::thread;
pub(crate) use std::time::Instant;

use nix::sys::time::TimeValLike;
use nix::time::{ClockId, clock_gettime};
pub(crate) use parking_lot::{Condvar, Mutex};

use crate::error::{Error, Result};

/// The kernel's coarse clock in ns: it costs less to read, and moves on every few milliseconds.
pub(crate) fn tick() -> Result<i64> {
    let now =
        clock_gettime(ClockId::CLOCK_MONOTONIC_COARSE).map_err(Error::system("read the clock"))?;
    Ok(now.num_nanoseconds())
}
