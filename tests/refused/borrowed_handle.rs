//! error[E0507]: cannot move out of `*future` which is behind a shared reference
//!
//! Lesson 04: Results are asked of futures that a list keeps.
//!
//! `join` hands the result over, and uses the future up. Whoever only borrows from the list may not use up what is in
//! it.
//!
//! Python: Runs. The future keeps its result: `result()` gives the same object each time, to whoever asks.

use std::thread;

fn main() {
    let futures: Vec<_> = (1..=3).map(|number| thread::spawn(move || number * number)).collect();
    for future in &futures {
        println!("Squared value: {}", future.join().expect("a square does not panic"));
    }
}
