//! `not_sync.rs`, mended: `Arc` counts with atomics, and is used like `Rc`.

use std::{sync::Arc, thread};

fn main() {
    let name: Arc<str> = "A".into();
    let copy = Arc::clone(&name);
    let worker = thread::spawn(move || println!("Worker {copy} starting"));
    worker.join().expect("the worker does not panic");
    println!("Worker {name} finished");
}
