//! The process library under the checker. Its protocols are the files of `02-multiprocessing/library` as they are; what
//! they stand on, the kernel and the C library, is written anew here, with the checker's threads for processes: locks,
//! descriptors, sockets, the end of a process.

// The library's own tests, which would come along too, run real threads.
#![cfg(not(test))]
#![allow(dead_code, reason = "what no test needs comes along with the files")]
#![allow(clippy::useless_conversion, reason = "some types are others there")]

#[path = "../../02-multiprocessing/library/error.rs"]
pub mod error;
#[path = "../../02-multiprocessing/library/exit.rs"]
pub mod exit;
pub mod lab;
pub mod memory;
#[path = "../../02-multiprocessing/library/pool/mod.rs"]
pub mod pool;
pub mod process;
#[path = "../../02-multiprocessing/library/queue.rs"]
pub mod queue;
mod sync;
mod travel;
pub mod workers;

pub use error::{Error, Result};
pub use memory::semaphore::{Permit, Semaphore};
pub use pool::{Handle, Pool, Unordered};
pub use queue::{Queue, Receiver, Sender};
use workers::task::{self, Tasks};

/// As the library's; the same each time.
pub fn init(register: impl FnOnce(&mut Tasks)) {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let mut tasks = Tasks::default();
        register(&mut tasks);
        task::set_table(tasks);
    });
}
