//! Memory that several processes share.

pub mod cells;
#[path = "../../02-multiprocessing/library/memory/ring.rs"]
pub mod ring;
#[path = "../../02-multiprocessing/library/memory/semaphore.rs"]
pub mod semaphore;
#[path = "../../02-multiprocessing/library/memory/shared.rs"]
pub mod shared;

/// Here nothing has to be promised.
pub mod plain {
    /// What may lie in shared memory.
    pub trait Plain: Copy + Send + 'static {}

    impl<T: Copy + Send + 'static> Plain for T {}
}
