//! A lock: one thread at a time changes what they share.
//!
//! Ports: techniques slide 12 · approaches slide 13 (its text)
//! Python → Rust: a lock beside `shared_resource` → a `Mutex` around it · the end of `with lock` → the guard's
//!
//! Python's lock guards by convention. Here there is no way to the resource but through its lock, which opens where the
//! guard goes out of scope. A scope joins its threads before it ends, so that they may borrow. More: `more-locks`.
//!
//! Run: `cargo 05-patterns lock`

use std::{sync::Mutex, thread};

use anyhow::Result;
use tracing::instrument;

#[instrument(skip_all)]
fn thread_safe_function(shared_resource: &Mutex<Vec<&str>>) {
    let mut resource = shared_resource.lock().expect("no thread panics");
    resource.push("update");
}

/// A lock, and four threads that change what it guards
#[derive(clap::Args)]
pub struct Args {}

pub fn run(_: Args) -> Result<()> {
    let shared_resource = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| thread_safe_function(&shared_resource));
        }
    });
    println!("mutex: {} updates by 4 threads", shared_resource.into_inner()?.len());
    Ok(())
}
