//! Fault by example: what becomes of every example under each of the faults that programs meet, as a table.
//!
//! - [`fault`]: the faults, and how each is brought about.
//! - [`case`]: the examples, each with little to do.
//! - [`room`]: where an example runs, and what it leaves there.
//! - [`watch`]: its processes, seen from outside.
//! - [`run`]: one example under one fault.
//! - [`peer`]: a server that does not serve.
//! - [`verdict`]: whether that was an end as it should be.
//! - [`table`]: all of it, for a terminal and for `tests/README.md`.

pub mod case;
pub mod fault;
pub mod peer;
pub mod room;
pub mod run;
pub mod table;
pub mod verdict;
pub mod watch;
