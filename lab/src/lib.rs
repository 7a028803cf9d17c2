//! What the lessons run against and with, so that a lesson file holds only its idea.
//!
//! - `site`: a local web site with the failures of a real one (feature `site`).
//! - `bucket`: a local S3 endpoint with the failures of a real one (feature `bucket`).
//! - `s3`: a client of any S3, by default of that endpoint (feature `s3`).
//! - `photos`: generated photographs (feature `photos`).
//! - `text`: generated text (feature `text`).
//! - [`aside`]: files that are there whole or not at all.
//! - `scratch`: temporary folders that are gone also after Ctrl-C (feature `scratch`).
//! - `event_loop`: what `asyncio.run` does, with an end on Ctrl-C (feature `event-loop`).
//! - `ctrl_c`: who answers Ctrl-C, the second one too (features `event-loop`, `scratch`).
//! - [`pace`]: simulated waits, shortened for tests and benches by `PACE`.
//! - [`threads`]: whether threads are to be had.
//! - [`timeline`]: the spans of a run, written to the file that `LESSON_TIMELINE` names.
//! - [`slow_polls`]: a report of tasks that held their thread too long.
//! - [`profile`]: where the time went, in the form of cProfile's report.
//! - [`usage`]: wall and CPU time of a piece of work.
//! - [`args`]: value parsers that lessons share.
//! - [`in_time()`]: an end for tests that could wait for ever.
//! - [`root_cause`]: an error without the layers of transport around it.
//! - [`lesson!`]: a lesson's table of contents, which is its program; [`main`]: parse, run, report errors, exit code.

pub mod args;
pub mod aside;
#[cfg(feature = "bucket")]
pub mod bucket;
#[cfg(any(feature = "photos", feature = "text"))]
mod cache;
mod cause;
#[cfg(any(feature = "event-loop", feature = "scratch"))]
pub mod ctrl_c;
#[cfg(feature = "event-loop")]
pub mod event_loop;
mod in_time;
mod lesson;
pub mod pace;
#[cfg(feature = "photos")]
pub mod photos;
pub mod profile;
#[cfg(feature = "s3")]
pub mod s3;
#[cfg(feature = "scratch")]
pub mod scratch;
#[cfg(feature = "site")]
pub mod site;
pub mod slow_polls;
#[cfg(any(feature = "event-loop", feature = "scratch"))]
mod sync;
#[cfg(feature = "text")]
pub mod text;
pub mod threads;
pub mod timeline;
#[cfg(feature = "site")]
pub mod tls;
pub mod usage;

pub use cause::root_cause;
pub use in_time::in_time;
pub use lesson::{Interrupted, Lesson, Misuse, end_quietly_on_a_closed_pipe, main};
pub use pace::seconds;
