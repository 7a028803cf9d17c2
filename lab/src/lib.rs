//! What the lessons run against and with, so that a lesson file holds only its idea.
//!
//! - `site`: a local web site with the failures of a real one (feature `site`).
//! - `bucket`: a local S3 endpoint with the failures of a real one (feature `bucket`).
//! - `s3`: a client of any S3, by default of that endpoint (feature `s3`).
//! - `photos`: generated photographs (feature `photos`).
//! - `text`: generated text (feature `text`).
//! - `event_loop`: what `asyncio.run` does, with an end on Ctrl-C (feature `event-loop`).
//! - [`pace`]: simulated waits, shortened for tests and benches by `PACE`.
//! - [`timeline`]: the spans of a run, written to the file that `LESSON_TIMELINE` names.
//! - [`slow_polls`]: a report of tasks that held their thread too long.
//! - [`profile`]: where the time went, in the form of cProfile's report.
//! - [`usage`]: wall and CPU time of a piece of work.
//! - [`args`]: value parsers that lessons share.
//! - [`main`]: parse, run, report errors, exit code.

pub mod args;
#[cfg(feature = "bucket")]
pub mod bucket;
#[cfg(feature = "event-loop")]
pub mod event_loop;
mod lesson;
pub mod pace;
#[cfg(feature = "photos")]
pub mod photos;
pub mod profile;
#[cfg(feature = "s3")]
pub mod s3;
#[cfg(feature = "site")]
pub mod site;
pub mod slow_polls;
#[cfg(feature = "text")]
pub mod text;
pub mod timeline;
pub mod usage;

pub use lesson::{Interrupted, Lesson, main, main_after};
pub use pace::seconds;
