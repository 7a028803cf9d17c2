//! error[E0277]: `std::sync::mpsc::Receiver<&str>` cannot be shared between threads safely
//!
//! Lesson 05: Two consumers read from one channel.
//!
//! `mpsc` means many producers, single consumer: its receiver counts on being the only one.
//!
//! Python: Runs. A `queue.Queue` has as many consumers as you like; it has a lock.

use std::{sync::mpsc, thread};

fn main() {
    let (queue, pages) = mpsc::channel();
    queue.send("all work").expect("the consumers are there");
    queue.send("and no play").expect("the consumers are there");
    drop(queue);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Ok(page) = pages.recv() {
                    println!("{page}");
                }
            });
        }
    });
}
