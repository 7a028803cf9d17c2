//! `awaited_twice.rs`, mended: The future is awaited once, and what came of it is kept.

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
    let greeting = greeting_for("Alice").await;
    println!("{greeting}");
    println!("{greeting}");
}

fn main() {
    spawn(greet());
}
