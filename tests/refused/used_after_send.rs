//! error[E0382]: borrow of moved value: `page`
//!
//! Lesson 05: A producer uses what it has put into the queue.
//!
//! What goes through a channel belongs to the receiver.
//!
//! Python: Runs. The producer still has the object that it put into the queue, and may change it under the
//! consumer's hands.

use std::{sync::mpsc, thread};

fn main() {
    let (queue, pages) = mpsc::sync_channel(1);
    let consumer = thread::spawn(move || pages.iter().for_each(|page: String| println!("{page}")));
    let page = String::from("all work and no play");
    queue.send(page).expect("the consumer is there");
    println!("{page}");
    drop(queue);
    consumer.join().expect("the consumer does not panic");
}
