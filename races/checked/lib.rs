//! The process library under the checker. Its protocols are the files of `02-multiprocessing/library` as they are; what
//! they stand on, the kernel and the C library, is written anew here, with the checker's threads for processes: locks,
//! descriptors, sockets, the end of a process.

#[path = "../../02-multiprocessing/library/error.rs"]
pub mod error;
#[path = "../../02-multiprocessing/library/exit.rs"]
pub mod exit;
pub mod memory;
pub mod process;
#[path = "../../02-multiprocessing/library/queue.rs"]
pub mod queue;
mod sync;
mod travel;

pub use error::{Error, Result};
pub use memory::semaphore::{Permit, Semaphore};
pub use queue::{Queue, Receiver, Sender};
