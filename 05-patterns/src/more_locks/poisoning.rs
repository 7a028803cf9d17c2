//! A thread panics with the lock held, between two changes that belong together.
//!
//! From then on the lock is poisoned: every `lock` says so, until somebody has looked at the value
//! and clears it. Python opens the lock as the exception passes, and the next one to take it finds
//! 70 and 20 without a word.

use std::{
    panic,
    sync::{Mutex, PoisonError},
    thread,
};

use anyhow::{Result, ensure};

pub fn show() -> Result<()> {
    let accounts = Mutex::new((100, 0));
    let transfer = || {
        let mut accounts = accounts.lock().expect("no thread panicked yet");
        accounts.0 -= 30;
        accounts.1 += 20;
        panic::resume_unwind(Box::new("told to fail")); // as `panic!`, without the message
    };
    let failed = thread::scope(|scope| scope.spawn(transfer).join().is_err());
    ensure!(failed && accounts.is_poisoned(), "the lock is not poisoned");
    let mut found = accounts.lock().unwrap_or_else(PoisonError::into_inner);
    print!("poisoning: {} and {} were left behind", found.0, found.1);
    found.1 = 100 - found.0;
    accounts.clear_poison();
    println!(", put right to {} and {}", found.0, found.1);
    Ok(())
}
