//! Processes that work: this program, executed again.
//!
//! A [`task`] is a function that a worker finds by its name, and [`outcome`] what it may return. A [`worker`] obeys the
//! orders of its parent, which [`wire`] spells out, does their [`items`], and tells it of [`panics`]; its [`name`] is known to both. A
//! [`process`] is a worker with one order; a pool has several workers with many.

mod items;
pub(crate) mod name;
pub(crate) mod outcome;
mod panics;
pub(crate) mod process;
pub(crate) mod task;
pub(crate) mod wire;
pub(crate) mod worker;
