//! error[E0597]: `name` does not live long enough
//!
//! Lesson 01, 04: A thread borrows from a function that may end before it.
//!
//! A thread that nobody need join may outlive the function that started it, and with it what the function owns. The
//! compiler does not count on the `join` below.
//!
//! Python: Runs. The garbage collector keeps the text for as long as the thread has it.

use std::thread;

fn main() {
    let name = String::from("A");
    let name = &name;
    let worker = thread::spawn(move || println!("Worker {name} starting"));
    worker.join().expect("the worker does not panic");
}
