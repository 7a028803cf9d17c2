//! What the lessons run against and with, in the same way, where its threads share something.

#[path = "../../lab/src/ctrl_c.rs"]
pub mod ctrl_c;
#[path = "../../lab/src/event_loop.rs"]
pub mod event_loop;
pub(crate) mod runtime;
mod sync;
#[path = "../../lab/src/site/traffic.rs"]
pub mod traffic;

pub use sync::{End, ended, raise};

/// As the lab's.
#[derive(Debug, thiserror::Error)]
#[error("interrupted")]
pub struct Interrupted;
