//! error[unused_must_use]: unused `Process` that must be used
//!
//! Lesson 02: A process is started, and nobody keeps it to join it.
//!
//! What nobody keeps is dropped at once, and a process that is dropped is killed, so that none is left behind. The
//! compiler warns; the line `deny` makes that an error.
//!
//! Python: Runs. At its end the program waits for the process, but nobody asks whether it failed.

#![deny(unused_must_use)]

/// As lesson 02's, but it has run its function here.
#[must_use = "a process that is not joined is killed"]
struct Process;

impl Process {
    fn spawn(function: fn(&'static str), argument: &'static str) -> Process {
        function(argument);
        Process
    }

    fn join(self) {}
}

fn worker(name: &str) {
    println!("Worker {name} starting");
}

fn main() {
    let first = Process::spawn(worker, "A");
    Process::spawn(worker, "B");
    first.join();
}
