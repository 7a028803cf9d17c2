//! error[E0733]: recursion in an async fn requires boxing
//!
//! Lesson 03: An `async fn` awaits itself, to follow the links of a page.
//!
//! A future holds all that it needs, the futures that it awaits too. One that holds another of its own kind would be
//! larger than itself.
//!
//! Python: Runs. A coroutine holds no more than a pointer to the one that it awaits.

use std::{
    pin::pin,
    task::{Context, Waker},
};

/// What `tokio::spawn` asks of a task; this one polls it once, and it never waits.
fn spawn(task: impl Future<Output = ()> + Send) {
    let polled = pin!(task).poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
}

async fn crawl(page: &'static str, depth: u32) {
    println!("{page}");
    if depth > 0 {
        crawl("a link of it", depth - 1).await;
    }
}

fn main() {
    spawn(crawl("python.org", 1));
}
