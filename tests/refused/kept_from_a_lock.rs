//! error[E0597]: `accounts` does not live long enough
//!
//! Lesson 05: What a lock guards is kept longer than the lock is held.
//!
//! Python: Runs. `with lock:` ends, and the reference lives on: the lock guards a block, not a value.

use std::sync::Mutex;

fn main() {
    let bank = Mutex::new(vec![70, 30]);
    let first: &mut i32 = {
        let mut accounts = bank.lock().expect("no thread panicked");
        &mut accounts[0]
    };
    *first -= 10;
    println!("{:?}", bank.into_inner().expect("no thread panicked"));
}
