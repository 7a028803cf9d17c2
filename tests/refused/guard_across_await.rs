//! error: future cannot be sent between threads safely
//!
//! A task that sleeps with a locked mutex: on `multi_thread` it could wake on another thread, but
//! only the thread that locked may unlock. And whoever else wants the lock would block a thread of
//! the event loop. End the guard's scope before the `.await`, or use `tokio::sync::Mutex`.

use std::{future::ready, sync::Mutex};

async fn add(counter: &Mutex<u32>) {
    let mut counter = counter.lock().expect("no task panics");
    ready(()).await;
    *counter += 1;
}

/// What `tokio::spawn` asks of a task.
fn spawn(_: impl Future<Output = ()> + Send) {}

fn main() {
    spawn(add(&Mutex::new(0)));
}
