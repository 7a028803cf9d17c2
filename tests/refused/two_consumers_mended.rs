//! `two_consumers.rs`, mended: With a lock around the receiver one at a time takes a page; it is printed without the
//! lock. A receiver of lesson 05's `crossbeam::channel` needs none.

use std::{
    sync::{Mutex, mpsc},
    thread,
};

fn main() {
    let (queue, pages) = mpsc::channel();
    queue.send("all work").expect("the consumers are there");
    queue.send("and no play").expect("the consumers are there");
    drop(queue);
    let pages = Mutex::new(pages);
    let next = || pages.lock().expect("no consumer panics").recv();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Ok(page) = next() {
                    println!("{page}");
                }
            });
        }
    });
}
