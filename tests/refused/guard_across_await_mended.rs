//! `guard_across_await.rs`, mended: The guard is gone before the `.await`. If it must be held, use
//! `tokio::sync::Mutex`.

use std::{
    future::ready,
    pin::pin,
    sync::Mutex,
    task::{Context, Waker},
};

/// What `tokio::spawn` asks of a task; this one polls it once, and it never waits.
fn spawn(task: impl Future<Output = ()> + Send) {
    let polled = pin!(task).poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
}

async fn add(counter: &Mutex<u32>) {
    {
        let mut counter = counter.lock().expect("no task panics");
        *counter += 1;
        println!("Counter value: {counter}");
    }
    ready(()).await;
}

fn main() {
    spawn(add(&Mutex::new(0)));
}
