//! A lock with what it guards inside. Python: `with lock: resource.update(…)`, and nothing ties the
//! two together.

use std::sync::Mutex;

use anyhow::Result;

use super::{THREADS, in_threads};

pub fn show() -> Result<()> {
    let resource = Mutex::new(Vec::new());
    in_threads(THREADS, |number| resource.lock().expect("no thread panics").push(number));
    println!("mutex: {} updates by {THREADS} threads", resource.into_inner()?.len());
    Ok(())
}
