//! The answers.

use super::{Bound, Task};

/// The tutorials' decision tree.
pub fn python(task: Task, bound: Bound, isolated: bool) -> &'static str {
    match (bound, task) {
        _ if isolated => "Multiprocessing",
        (Bound::Cpu | Bound::Both, _) => "Multiprocessing",
        (Bound::Io, Task::Network) => "Asyncio",
        (Bound::Io, Task::File | Task::Computation) => "Threading",
        (Bound::Neither, _) => "Sequential execution",
    }
}

/// The answer, why, and the lesson to read.
pub fn rust(task: Task, bound: Bound, isolated: bool) -> [&'static str; 3] {
    match (bound, task) {
        _ if isolated => [
            "processes",
            "only a process can crash or be killed without taking the others along",
            "02-multiprocessing",
        ],
        (Bound::Io, Task::Network) => [
            "async tasks (tokio)",
            "a task that waits costs some hundred bytes, a thread that waits a stack",
            "03-asyncio",
        ],
        (Bound::Io, Task::File | Task::Computation) => [
            "threads",
            "a call that blocks needs a thread of its own, and files have no other kind",
            "04-futures",
        ],
        (Bound::Cpu, _) => [
            "threads (rayon)",
            "no lock around the interpreter: threads compute at once and copy nothing",
            "04-futures",
        ],
        (Bound::Both, Task::Network) => [
            "async tasks (tokio), the computing on threads (rayon)",
            "what computes between two awaits holds up every task of its thread",
            "03-asyncio",
        ],
        (Bound::Both, Task::File | Task::Computation) => [
            "threads (rayon)",
            "while one thread waits for its file, the others compute",
            "04-futures",
        ],
        (Bound::Neither, _) => [
            "sequential execution",
            "what takes no time gains nothing from threads, and pays for their start",
            "01-threading",
        ],
    }
}
