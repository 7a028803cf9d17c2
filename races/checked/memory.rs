//! Memory that several processes share.

pub mod cells;
#[path = "../../02-multiprocessing/library/memory/semaphore.rs"]
pub mod semaphore;

/// Here nothing has to be promised.
pub mod plain {
    /// What may lie in shared memory.
    pub trait Plain: Copy + Send + 'static {}

    impl<T: Copy + Send + 'static> Plain for T {}
}
