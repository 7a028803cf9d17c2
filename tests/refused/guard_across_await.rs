//! error: future cannot be sent between threads safely
//!
//! Lesson 03: A task waits with a locked mutex.
//!
//! It may wake on another thread, but only the thread that locked may unlock. `tokio::spawn` asks this of every
//! task, on a runtime of one thread too: there whoever else wants the lock would block the thread on which its
//! holder is to go on, for ever.
//!
//! Python: Runs with a `threading.Lock`, and when a second task wants the lock the event loop stands still for
//! ever. With `asyncio.Lock` and `async with` it is right.

use std::{
    future::ready,
    pin::pin,
    sync::Mutex,
    task::{Context, Waker},
};

/// What `tokio::spawn` asks of a task; this one polls it once, and it never waits.
fn spawn(task: impl Future<Output = ()> + Send) {
    let polled = pin!(task).poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
}

async fn add(counter: &Mutex<u32>) {
    let mut counter = counter.lock().expect("no task panics");
    *counter += 1;
    println!("Counter value: {counter}");
    ready(()).await;
}

fn main() {
    spawn(add(&Mutex::new(0)));
}
