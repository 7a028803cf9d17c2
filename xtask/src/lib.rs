//! The runner: lists, runs and follows the lessons, and measures them beside their Python twins.
//!
//! A module per command, each with a `run`: [`list`], [`run`], [`follow`], [`bench_all`], [`lab`],
//! [`mod@test`], [`index`], [`refuse`], [`map`], [`trace`], [`mod@book`]. What they stand on: [`catalogue`], [`check`], [`cargo`], [`python`], [`child`],
//! [`transcript`], [`refused`], [`cheat_sheet`], [`prose`]. A library too, because the tests stand on these as well.

pub mod bench_all;
pub mod book;
pub mod cargo;
pub mod catalogue;
pub mod cheat_sheet;
pub mod check;
pub mod child;
pub mod follow;
pub mod index;
pub mod lab;
pub mod list;
pub mod map;
pub mod prose;
pub mod python;
pub mod refuse;
pub mod refused;
pub mod run;
pub mod soak;
pub mod test;
pub mod trace;
pub mod transcript;
