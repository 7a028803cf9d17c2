//! error[E0277]: `Rc<str>` cannot be sent between threads safely
//!
//! Lesson 01: A thread gets an `Rc`, which counts its owners without a lock.
//!
//! If two threads made or dropped copies at once, the count could go wrong, and the text be freed under a reader's
//! hands.
//!
//! Python: Runs. Every object has such a count; the GIL guards them all, and free-threaded Python 3.13 and later
//! counts by atomics.

use std::{rc::Rc, thread};

fn main() {
    let name: Rc<str> = "A".into();
    let copy = Rc::clone(&name);
    let worker = thread::spawn(move || println!("Worker {copy} starting"));
    worker.join().expect("the worker does not panic");
    println!("Worker {name} finished");
}
