//! error[let_underscore_lock]: non-binding let on a synchronization lock
//!
//! Lesson 05: A lock is taken and not kept.
//!
//! What is given to `_` is dropped at once, so the lock is open again before the first line. The compiler knows the
//! locks of `std`; a semaphore's permit goes without a word (lesson 03).
//!
//! Python: Cannot go wrong in this way: `with lock:` keeps the lock for its block, named or not.

use std::sync::Mutex;

fn main() {
    let printer = Mutex::new(());
    let _ = printer.lock().expect("no thread panics");
    println!("the first line");
    println!("the second line, with nobody else's between");
}
