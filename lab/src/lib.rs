//! What the lessons run against and with, so that a lesson file holds only its idea.
//!
//! - [`site`]: a local web site with the failures of a real one.
//! - [`event_loop`]: what `asyncio.run` does, on one thread, with an end on Ctrl-C.
//! - [`pace`]: simulated waits, shortened for tests and benches by `PACE`.
//! - [`timeline`]: the spans of a run, written to the file that `LESSON_TIMELINE` names.
//! - [`slow_polls`]: a report of tasks that held their thread too long.
//! - [`usage`]: wall and CPU time of a piece of work.
//! - [`args`]: value parsers that lessons share.
//! - [`main`]: parse, run, report errors, exit code.

pub mod args;
pub mod event_loop;
mod lesson;
pub mod pace;
pub mod site;
pub mod slow_polls;
pub mod timeline;
pub mod usage;

pub use lesson::{Lesson, main};
pub use pace::seconds;
