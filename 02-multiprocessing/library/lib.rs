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
//!
//! # How it is built
//!
//! Each folder uses only those above it in this list, and each file only what stands below it:
//!
//! | folder or file | what is in it |
//! |---|---|
//! | `error`, `exit`, `sync` | what can go wrong, how a process ended, threads and locks |
//! | `travel/` | messages and the open files that go with them |
//! | `memory/` | shared memory and what lies in it |
//! | `workers/` | processes that work |
//! | `queue`, `pipe` | how they talk |
//! | `pool/`, `manager/` | several that work for one, one that works for several |
//!
//! It has a few words of its own. A *packet* is a message: bytes, and *descriptors*, open files that travel with it. A
//! *bell* is heard, and a *rope* pulled, when something changes in shared memory; with the last rope gone it can never
//! ring again. A *cell* is a value there, behind its lock, and a *guard* holds that lock. The items of a queue lie in a
//! *ring* of bytes; one that does not fit, or has descriptors, goes over a socket as a *parcel*, and a mark in the ring
//! stands for it. A parent gives *orders* to its workers, and they *reply*; the function that an order names is a
//! *task*. A call to a pool is a *job* of many items: a *chunk* of them is what a worker does at a time, a *batch* is the
//! chunks of one order, a *piece* is what has come back; the *crew* is the workers with their threads. The *door* of a
//! manager is the queue by which new connections come in.
//!
//! `unsafe` is in `travel/rights` (takes ownership of descriptors), in `memory/mutex` and `memory/cells` (a lock and a
//! mapping between processes) and in `memory/plain` (which types may lie there).
#![deny(unsafe_code)]

mod error;
mod exit;
mod manager;
mod memory;
mod pipe;
mod pool;
mod queue;
mod sync;
mod travel;
mod workers;

pub use error::{Error, Result};
pub use exit::Exit;
pub use manager::{Dict, List, Manager};
pub use memory::cells::Guard;
pub use memory::plain::Plain;
pub use memory::semaphore::{Permit, Semaphore};
pub use memory::shared::Shared;
pub use pipe::{End, Pipe};
pub use pool::{Handle, Pool, Unordered};
pub use queue::{Queue, Receiver, Sender};
pub use workers::name::current_name;
pub use workers::outcome::Outcome;
pub use workers::process::Process;
pub use workers::task::{Function, Tasks};

use workers::{task, worker};

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
