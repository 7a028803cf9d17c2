//! `borrowed.rs`, mended: The text itself moves into the thread, as in lesson 01's `workers`. `failing-pages`
//! borrows, in a `thread::scope`, which joins its threads before it returns.

use std::thread;

fn main() {
    let name = String::from("A");
    let worker = thread::spawn(move || println!("Worker {name} starting"));
    worker.join().expect("the worker does not panic");
}
