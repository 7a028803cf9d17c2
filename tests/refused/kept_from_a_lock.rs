//! error[E0597]: `accounts` does not live long enough
//!
//! What a lock guards cannot be kept longer than the lock is held. In Python `with lock:` ends, and
//! the reference lives on. Lesson 05's locks.

use std::sync::Mutex;

fn main() {
    let bank = Mutex::new(vec![70, 30]);
    let first: &mut i32 = {
        let mut accounts = bank.lock().expect("no thread panicked");
        &mut accounts[0]
    };
    *first -= 10;
}
