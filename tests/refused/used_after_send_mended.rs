//! `used_after_send.rs`, mended: The producer keeps a clone.

use std::{sync::mpsc, thread};

fn main() {
    let (queue, pages) = mpsc::sync_channel(1);
    let consumer = thread::spawn(move || pages.iter().for_each(|page: String| println!("{page}")));
    let page = String::from("all work and no play");
    queue.send(page.clone()).expect("the consumer is there");
    println!("{page}");
    drop(queue);
    consumer.join().expect("the consumer does not panic");
}
