//! `kept_from_a_lock.rs`, mended: What is done with the account is done while the lock is held.

use std::sync::Mutex;

fn main() {
    let bank = Mutex::new(vec![70, 30]);
    {
        let mut accounts = bank.lock().expect("no thread panicked");
        accounts[0] -= 10;
    }
    println!("{:?}", bank.into_inner().expect("no thread panicked"));
}
