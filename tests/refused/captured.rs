//! error[E0277]: the trait bound `String: Copy` is not satisfied
//!
//! Lesson 02, 06: A process is to run a closure that has captured something.
//!
//! A process is told a function's name and finds it in its own copy of the program; what a closure has captured
//! would stay behind. `Copy` is asked for because a function without captures is.
//!
//! Python: Where processes are forked, runs: the child has a copy of everything. Where they are spawned (macOS,
//! Windows, and `forkserver` on Linux from 3.14) it cannot be pickled, which shows when it runs.

/// What lesson 02's `Process::spawn` asks of a function; this one calls it here.
fn spawn<A>(function: impl Fn(A) + Copy + Send + Sync + 'static, arguments: A) {
    function(arguments);
}

fn main() {
    let name = String::from("A");
    spawn(move |()| println!("Worker {name} starting"), ());
}
