//! error[unused_must_use]: unused implementer of `Future` that must be used
//!
//! Lesson 03: An `async fn` is called, and nobody awaits it.
//!
//! The future is made and dropped, and nobody is greeted. It is a warning of the compiler, which the line `deny`
//! makes an error.
//!
//! Python: Warns, when it runs: "coroutine 'say_hello' was never awaited". Nobody is greeted.

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
    say_hello("Alice");
}

fn main() {
    spawn(greet());
}
