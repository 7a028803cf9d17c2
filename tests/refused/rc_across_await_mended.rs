//! `rc_across_await.rs`, mended: `Arc` may go to another thread. Without a task of its own, in `join_all`, the `Rc`
//! would do.

use std::{
    future::ready,
    pin::pin,
    sync::Arc,
    task::{Context, Waker},
};

/// What `tokio::spawn` asks of a task; this one polls it once, and it never waits.
fn spawn(task: impl Future<Output = ()> + Send) {
    let polled = pin!(task).poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
}

async fn greet(name: Arc<str>) {
    ready(()).await;
    println!("Hello, {name}!");
}

fn main() {
    spawn(greet("Alice".into()));
}
