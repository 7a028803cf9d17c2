//! error[E0373]: async block may outlive the current function, but it borrows `name`
//!
//! Lesson 03: A task borrows from the function that starts it.
//!
//! A task goes on when the function that started it has returned, so it must own what it uses. Lesson 03's
//! `fetch-data` borrows, because its futures are parts of one task.
//!
//! Python: Runs. The garbage collector keeps the text for as long as the task has it.

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
    spawn(async { println!("Hello, {name}!") });
}
