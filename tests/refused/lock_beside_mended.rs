//! `lock_beside.rs`, mended: What is to be guarded is inside the lock, and there is no other way to it.

use std::{sync::Mutex, thread};

fn main() {
    let updates = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut updates = updates.lock().expect("no thread panics");
                updates.push("update");
            });
        }
    });
    println!("{} updates", updates.into_inner().expect("no thread panics").len());
}
