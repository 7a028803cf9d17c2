//! `calls_itself.rs`, mended: In a box of its own the inner future takes a pointer's room in the outer one.

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
        Box::pin(crawl("a link of it", depth - 1)).await;
    }
}

fn main() {
    spawn(crawl("python.org", 1));
}
