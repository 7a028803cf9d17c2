//! `unlike_futures.rs`, mended: Boxes of futures have one type. `join!` and `JoinSet` take futures of any type as
//! they are.

use std::{
    pin::{Pin, pin},
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
    let futures: Vec<Pin<Box<dyn Future<Output = ()> + Send>>> =
        vec![Box::pin(hello()), Box::pin(goodbye())];
    for future in futures {
        spawn(future);
    }
}
