//! error[E0499]: cannot borrow `updates` as mutable more than once at a time
//!
//! Lesson 05: Threads take a lock that stands beside what it is to guard.
//!
//! The program would be right. But that the one belongs to the other is only in its author's head, and the compiler
//! does not count on it.
//!
//! Python: Runs, and is right, as long as nobody forgets the lock.

use std::{sync::Mutex, thread};

fn main() {
    let lock = Mutex::new(());
    let mut updates = Vec::new();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let _guard = lock.lock().expect("no thread panics");
                updates.push("update");
            });
        }
    });
    println!("{} updates", updates.len());
}
