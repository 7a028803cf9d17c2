//! The runner: lists, runs and follows the lessons, and measures them beside their Python twins.
//!
//! A module per command, each with a `run`: [`list`], [`run`], [`follow`], [`bench_all`], [`lab`],
//! [`mod@test`], [`index`]. What they stand on: [`catalogue`], [`check`], [`cargo`], [`python`], [`child`],
//! [`transcript`]. A library too, because the tests stand on these as well.

pub mod bench_all;
pub mod cargo;
pub mod catalogue;
pub mod check;
pub mod child;
pub mod follow;
pub mod index;
pub mod lab;
pub mod list;
pub mod python;
pub mod run;
pub mod test;
pub mod transcript;
