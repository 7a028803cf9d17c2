//! One recorded run of a program, by a helper process that starts nothing else.
//!
//! The helper is this program again: all processes below it are the recorded ones, orphans included.

mod helper;
mod interrupts;
mod program;
mod sampled;
mod switches;
mod tree;

pub use self::{
    helper::{Args, run},
    interrupts::hold_interrupts,
    program::Program,
};
