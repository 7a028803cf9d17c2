//! error[E0308]: mismatched types
//!
//! Lesson 04: Futures of different results stand in one list.
//!
//! The items of a list have one type: whoever takes one out has to know what it is.
//!
//! Python: Runs. Which of the results is the text and which the number, the program knows by their places, or asks.

use std::thread;

fn download() -> String {
    String::from("all work and no play")
}

fn size() -> usize {
    20
}

fn main() {
    let futures = vec![thread::spawn(download), thread::spawn(size)];
    for future in futures {
        println!("{:?}", future.join().expect("no task panics"));
    }
}
