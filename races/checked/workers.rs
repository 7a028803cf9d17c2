//! Processes that work for a pool.

#[path = "../../02-multiprocessing/library/workers/items.rs"]
mod items;
#[path = "../../02-multiprocessing/library/workers/task.rs"]
pub mod task;
#[path = "../../02-multiprocessing/library/workers/wire.rs"]
pub mod wire;
pub mod worker;

/// What a process of its own may return.
pub mod outcome {
    /// Nothing has a process of its own here.
    pub trait Outcome {
        /// Its exit code.
        fn exit_code(self) -> i32;
    }
}

mod panics {
    use super::wire::Failure;

    pub(super) fn in_task<R>(_: bool, call: impl FnOnce() -> R) -> R {
        call()
    }

    pub(super) fn last() -> Failure {
        Failure { location: "here".into(), message: "on purpose".into() }
    }
}
