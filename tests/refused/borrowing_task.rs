//! error[E0373]: async block may outlive the current function, but it borrows `name`
//!
//! A task goes on when the function that started it has returned, so it must own what it uses:
//! `async move`. Lesson 03's fetch-data borrows, because its futures are parts of one task.

/// What `tokio::spawn` asks of a task.
fn spawn(_: impl Future<Output = ()> + Send + 'static) {}

fn main() {
    let name = String::from("Alice");
    spawn(async { println!("Hello, {name}!") });
}
