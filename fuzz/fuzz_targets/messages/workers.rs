//! Workers, as the library has them but for their start.

#[path = "../../../02-multiprocessing/library/workers/items.rs"]
mod items;
#[path = "../../../02-multiprocessing/library/workers/name.rs"]
pub mod name;
#[path = "../../../02-multiprocessing/library/workers/outcome.rs"]
pub mod outcome;
#[path = "../../../02-multiprocessing/library/workers/panics.rs"]
mod panics;
#[path = "../../../02-multiprocessing/library/workers/task.rs"]
pub mod task;
#[path = "../../../02-multiprocessing/library/workers/wire.rs"]
pub mod wire;
pub mod worker;
