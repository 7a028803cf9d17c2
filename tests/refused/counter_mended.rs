//! `counter.rs`, mended: The number is inside its lock, and there is no other way to it. With an `AtomicU64` it
//! needs none: lesson 01's `atomic`.

use std::{sync::Mutex, thread};

fn main() {
    let counter = Mutex::new(0);
    thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| *counter.lock().expect("no thread panics") += 1);
        }
    });
    println!("Counter value: {}", counter.into_inner().expect("no thread panics"));
}
