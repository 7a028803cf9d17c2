//! error[E0382]: use of moved value: `greeting`
//!
//! Lesson 03: A future is awaited twice.
//!
//! `.await` uses the future up, for what comes of it.
//!
//! Python: A coroutine says "cannot reuse already awaited coroutine", when it runs. A task may be awaited as often as
//! you like, and gives the same object each time.

use std::{
    pin::pin,
    task::{Context, Waker},
};

/// What `tokio::spawn` asks of a task; this one polls it once, and it never waits.
fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    let polled = pin!(task).poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
}

async fn greeting_for(name: &str) -> String {
    format!("Hello, {name}!")
}

async fn greet() {
    let greeting = greeting_for("Alice");
    println!("{}", greeting.await);
    println!("{}", greeting.await);
}

fn main() {
    spawn(greet());
}
