//! error[E0382]: use of moved value: `words`
//!
//! Lesson 04's as-completed gives each task a share in its arguments (`Arc`). Without that, the first
//! task owns them, and there is nothing left for the second. Python shares everything with everyone.

use std::thread;

fn main() {
    let words = String::from("Squared value");
    let task = |number: i32| {
        let words = words;
        thread::spawn(move || println!("{words}: {}", number * number))
    };
    let first = task(1);
    let second = task(2);
    first.join().expect("the task does not panic");
    second.join().expect("the task does not panic");
}
