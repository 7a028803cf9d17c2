//! A value made by whoever asks first; the others wait for it. Python: `functools.cache`, whose
//! function may run twice when two threads come at once, or a lock and an `if`.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use anyhow::Result;

use super::threads::{THREADS, in_threads};

pub fn show() -> Result<()> {
    let (value, made) = (OnceLock::new(), AtomicUsize::new(0));
    in_threads(THREADS, |_| {
        value.get_or_init(|| made.fetch_add(1, Relaxed));
    })?;
    println!("once: asked for by {THREADS} threads, made {} time", made.into_inner());
    Ok(())
}
