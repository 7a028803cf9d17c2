//! The processes of a running example, seen from outside.

use std::fs;

use nix::unistd::Pid;

/// By what stands here in its environment, what an example has started is known.
pub const MARKER: &str = "FAULT_CELL";

/// Processes of an example; not those that have ended and only wait to be reaped, which have no environment.
pub fn running(marker: &str) -> Vec<i32> {
    crate::with_environment(MARKER, marker).unwrap_or_default()
}

/// Those that a process has started.
pub fn children(process: Pid) -> impl Iterator<Item = Pid> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let of = |thread: fs::DirEntry| fs::read_to_string(thread.path().join("children"));
    let pids = threads.filter_map(move |thread| {
        let children = of(thread).ok()?;
        Some(children.split_whitespace().flat_map(str::parse).collect::<Vec<_>>())
    });
    pids.flatten().map(Pid::from_raw)
}

/// The first child that works for it: a program that has just been started is none yet.
pub fn first_worker(program: Pid) -> Option<Pid> {
    children(program).find(|child| {
        let command = fs::read(format!("/proc/{child}/cmdline")).unwrap_or_default();
        command.starts_with(b"multiprocessing worker: ")
    })
}

/// Whether all its threads stand still, or it is gone. Before that, the end of its parent would not wake it.
pub fn is_stopped(process: Pid) -> bool {
    let mut threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let stands = |thread: fs::DirEntry| {
        let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        stat.is_empty() || stat.contains(") T ") || stat.contains(") Z ")
    };
    threads.all(stands)
}

/// Whether one of its threads waits to write into a pipe that is full.
pub fn prints(marker: &str) -> bool {
    let waits = |process: i32| {
        let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
        let place = |thread: fs::DirEntry| fs::read_to_string(thread.path().join("wchan"));
        threads.filter_map(|thread| place(thread).ok()).any(|at| at.ends_with("pipe_write"))
    };
    running(marker).into_iter().any(waits)
}
