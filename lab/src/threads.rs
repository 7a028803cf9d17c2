//! Whether threads are to be had.

use std::{io, sync::RwLock, thread};

/// Tries whether so many threads can be started, for pools that hang, or end with a panic, where they cannot: tokio's
/// does (tokio-rs/tokio issues 8406 and 6167).
///
/// # Errors
/// What the system says (`EAGAIN` beyond `ulimit -u`).
pub fn can_start(count: usize) -> io::Result<()> {
    let hold = RwLock::new(());
    thread::scope(|scope| {
        let _held = hold.write();
        for _ in 0..count {
            thread::Builder::new().spawn_scoped(scope, || drop(hold.read()))?;
        }
        Ok(())
    })
}
