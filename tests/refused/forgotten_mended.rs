//! `forgotten.rs`, mended: `.await` has the greeting run.

#![deny(unused_must_use)]

use std::{
    pin::pin,
    task::{Context, Waker},
};

/// What `tokio::spawn` asks of a task; this one polls it once, and it never waits.
fn spawn(task: impl Future<Output = ()> + Send) {
    let polled = pin!(task).poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
}

async fn say_hello(name: &str) {
    println!("Hello, {name}!");
}

async fn greet() {
    say_hello("Alice").await;
}

fn main() {
    spawn(greet());
}
