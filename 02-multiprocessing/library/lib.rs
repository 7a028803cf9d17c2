//! Processes as Python's `multiprocessing` has them, for Linux, small enough to read.
//!
//! | Python | here |
//! |---|---|
//! | `if __name__ == "__main__":` | [`init`] |
//! | `Process` | [`Process`] |
//! | `Pool` | [`Pool`] |
//! | `Queue` | [`Queue`], [`Sender`], [`Receiver`] |
//! | `Pipe` | [`Pipe`] |
//! | `Value`, `Array` and their lock | [`Shared`] |
//! | `Semaphore` | [`Semaphore`] |
//! | `Manager().dict()`, `.list()` | [`Manager`], [`Dict`], [`List`] |
//!
//! A worker is this very program, executed again; a function is found in it by its path, its arguments travel as
//! bytes (postcard), and queues, pipes and shared values among them, however deep inside, as file descriptors.
//!
//! ```no_run
//! use multiprocessing::{Process, Shared};
//!
//! fn add(counter: Shared<u64>, times: u64) -> multiprocessing::Result<()> {
//!     for _ in 0..times {
//!         *counter.lock()? += 1;
//!     }
//!     Ok(())
//! }
//!
//! fn main() -> multiprocessing::Result<()> {
//!     multiprocessing::init(|tasks| {
//!         tasks.process(add);
//!     });
//!     let counter = Shared::new(0)?;
//!     let first = Process::spawn(add, (counter.clone(), 10_000u64))?;
//!     let second = Process::spawn(add, (counter.clone(), 10_000u64))?;
//!     first.join()?;
//!     second.join()?;
//!     assert_eq!(counter.get()?, 20_000);
//!     Ok(())
//! }
//! ```
#![deny(unsafe_code)]

mod bell;
mod channel;
mod descriptor;
mod error;
mod exit;
mod job;
mod manager;
mod memory;
mod packet;
mod pipe;
mod pool;
mod process;
mod queue;
mod rights;
mod ring;
mod schedule;
mod semaphore;
mod shared;
mod socket;
mod store;
mod task;
mod wire;
mod worker;

pub use channel::Waited;
pub use error::{Error, Result};
pub use exit::Exit;

pub use manager::{Dict, List, Manager};
pub use memory::{Guard, Plain};
pub use pipe::{End, Pipe};
pub use pool::{Handle, Pool, Unordered};
pub use process::Process;
pub use queue::{Queue, Receiver, Sender};
pub use semaphore::{Permit, Semaphore};
pub use shared::Shared;
pub use task::{Function, Tasks};
pub use worker::current_name;

/// Makes this program able to start processes. Call it first thing in `main`: in a worker it does the work and never
/// returns, so that whatever stands before it is done in each worker too.
///
/// Answers to `if __name__ == "__main__":`, without which a spawned Python process runs the whole program again.
///
/// # Panics
/// If called twice, or two functions have the same path.
pub fn init(register: impl FnOnce(&mut Tasks)) {
    let mut tasks = Tasks::default();
    manager::register(&mut tasks);
    register(&mut tasks);
    task::set_table(tasks);
    worker::run_if_worker();
}
