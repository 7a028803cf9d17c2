//! error[unused_must_use]: unused `Result` that must be used
//!
//! Lesson 04: A task fails, and nobody asks.
//!
//! `join` says whether the task panicked, and hands over what it returned: that can be an error too. If nobody looks
//! at it, the compiler warns; the line `deny` makes that an error.
//!
//! Python: Runs, and says nothing: a future keeps its exception to itself until somebody asks for its result.

#![deny(unused_must_use)]

use std::thread;

fn upload(file: &str) -> Result<(), String> {
    Err(format!("{file}: no such file"))
}

fn main() {
    let future = thread::spawn(|| upload("file1.txt"));
    future.join().expect("an upload does not panic");
}
