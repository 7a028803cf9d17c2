//! error[E0499]: cannot borrow `counter` as mutable more than once at a time
//!
//! Lesson 01, 05: Threads write one number at once, without a lock.
//!
//! It is refused by the rule that there is one writer, or there are many readers, never both.
//!
//! Python: Runs. `counter += 1` is a read and a write, and between the two another thread may have its turn: then
//! an addition is lost, seldom or never while you test. With the lock it is exact, as long as nobody forgets the
//! lock.

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
