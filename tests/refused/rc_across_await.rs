//! error: future cannot be sent between threads safely
//!
//! Lesson 03: A task keeps an `Rc` while it waits.
//!
//! `tokio::spawn` takes it on no runtime, not even on one of a single thread, because it does not know which will
//! run the task.
//!
//! Python: Runs. All tasks of an event loop are on its thread.

use std::{
    future::ready,
    pin::pin,
    rc::Rc,
    task::{Context, Waker},
};

/// What `tokio::spawn` asks of a task; this one polls it once, and it never waits.
fn spawn(task: impl Future<Output = ()> + Send) {
    let polled = pin!(task).poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
}

async fn greet(name: Rc<str>) {
    ready(()).await;
    println!("Hello, {name}!");
}

fn main() {
    spawn(greet("Alice".into()));
}
