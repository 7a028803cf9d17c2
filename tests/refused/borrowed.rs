//! error[E0597]: `name` does not live long enough
//!
//! A thread that nobody need join may outlive the function that started it, and with it what the
//! function owns. Lesson 01's workers borrow their names in a `thread::scope`, which joins them all.

use std::thread;

fn main() {
    let name = String::from("A");
    let name = &name;
    let worker = thread::spawn(move || println!("Worker {name} starting"));
    worker.join().expect("the worker does not panic");
}
