//! `unjoined.rs`, mended: It is kept, and joined. With `?`, lesson 02's `join` passes on how it failed.

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
    let second = Process::spawn(worker, "B");
    first.join();
    second.join();
}
