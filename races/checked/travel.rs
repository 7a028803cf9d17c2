//! What travels between processes, and on what.

pub mod descriptor;
pub mod news;
