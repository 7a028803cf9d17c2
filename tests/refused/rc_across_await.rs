//! error: future cannot be sent between threads safely
//!
//! A task that keeps an `Rc` while it waits. `tokio::spawn` takes it on no runtime, not even on one
//! of a single thread, because it does not know which will run it: use an `Arc`, or, without a
//! task of its own, `join_all`.

use std::{future::ready, rc::Rc};

async fn greet(name: Rc<str>) {
    ready(()).await;
    println!("Hello, {name}!");
}

/// What `tokio::spawn` asks of a task.
fn spawn(_: impl Future<Output = ()> + Send) {}

fn main() {
    spawn(greet("Alice".into()));
}
