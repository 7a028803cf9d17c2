//! `borrowing_task.rs`, mended: With `async move` the text moves into the task.

use std::{
    pin::pin,
    task::{Context, Waker},
};

/// What `tokio::spawn` asks of a task; this one polls it once, and it never waits.
fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    let polled = pin!(task).poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
}

fn main() {
    let name = String::from("Alice");
    spawn(async move { println!("Hello, {name}!") });
}
