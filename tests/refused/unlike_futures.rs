//! error[E0308]: mismatched types
//!
//! Lesson 03: Futures of two functions stand in one list.
//!
//! The items of a list have one type, and each `async fn` makes a future of a type of its own, even if both give the
//! same.
//!
//! Python: Runs. A list holds objects of any kind.

use std::{
    pin::pin,
    task::{Context, Waker},
};

/// What `tokio::spawn` asks of a task; this one polls it once, and it never waits.
fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    let polled = pin!(task).poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
}

async fn hello() {
    println!("Hello!");
}

async fn goodbye() {
    println!("Goodbye!");
}

fn main() {
    let futures = vec![hello(), goodbye()];
    for future in futures {
        spawn(future);
    }
}
