//! error[E0499]: cannot borrow `counter` as mutable more than once at a time
//!
//! Lesson 01's counter without its lock: two threads would write one number at once. Python runs
//! this. Refused by the rule that there is one writer, or there are many readers, never both.

use std::thread;

fn main() {
    let mut counter = 0;
    thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| counter += 1);
        }
    });
    println!("Counter value: {counter}");
}
