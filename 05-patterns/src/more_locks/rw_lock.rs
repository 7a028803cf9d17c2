//! Many readers or one writer. Python has none.

use std::sync::{Barrier, RwLock};

use anyhow::Result;

use super::threads::{THREADS, in_threads};

pub fn show() -> Result<()> {
    let (value, all_inside) = (RwLock::new(1), Barrier::new(THREADS));
    in_threads(THREADS, |_| {
        let _reading = value.read().expect("no thread panics");
        all_inside.wait(); // opens only when all readers are inside at once
    })?;
    *value.write().expect("no thread panics") += 1;
    println!("rw-lock: {THREADS} readers at once, then 1 writer: {}", value.into_inner()?);
    Ok(())
}
