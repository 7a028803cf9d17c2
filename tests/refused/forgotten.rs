//! error[unused_must_use]: unused implementer of `Future` that must be used
//!
//! Lesson 03's greeting without its `.await`: the future is made and dropped, and nobody is greeted.
//! Python says "coroutine was never awaited" when that runs. Here it is a warning of the compiler,
//! which this line makes an error.

#![deny(unused_must_use)]

async fn say_hello(name: &str) {
    println!("Hello, {name}!");
}

async fn greet() {
    say_hello("Alice");
}

fn main() {
    drop(greet());
}
