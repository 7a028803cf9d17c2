//! The processes below this one, as /proc shows them.

use std::{fs, process};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// The processes that this one started, and all that those started. An orphan is ours, for we are its subreaper.
pub fn descendants() -> Vec<u32> {
    let mut found = children(process::id());
    let mut at = 0;
    while let Some(pid) = found.get(at).copied() {
        found.extend(children(pid));
        at += 1;
    }
    found
}

/// The threads of a process; none if it is gone.
pub fn threads(pid: u32) -> Vec<u32> {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect()
}

fn children(pid: u32) -> Vec<u32> {
    let of_thread = |tid| fs::read_to_string(format!("/proc/{pid}/task/{tid}/children"));
    let lists = threads(pid).into_iter().filter_map(|tid| of_thread(tid).ok());
    lists
        .flat_map(|list| list.split(' ').filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// Kills them all.
pub fn kill_descendants() {
    for pid in descendants() {
        let _ = kill(Pid::from_raw(pid.cast_signed()), Signal::SIGKILL);
    }
}
