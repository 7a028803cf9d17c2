//! What running programs use, by `/proc`.

use std::fs;

use nix::unistd::Pid;

/// What a tree of processes has.
#[derive(Clone, Copy, Default)]
pub struct Used {
    /// Open files.
    pub files: u64,
    /// Those of them that are sockets.
    pub sockets: u64,
    /// Bytes; what processes share counts for each.
    pub memory: u64,
}

/// What a process and all that it started use now. What ends meanwhile does not count.
pub fn used(root: Pid) -> Used {
    let mut all = Used::default();
    let mut processes = vec![root.as_raw()];
    while let Some(process) = processes.pop() {
        let files = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
        for file in files {
            let target = fs::read_link(file.path()).unwrap_or_default();
            all.files += 1;
            all.sockets += u64::from(target.to_string_lossy().starts_with("socket:"));
        }
        let pages = fs::read_to_string(format!("/proc/{process}/statm")).unwrap_or_default();
        let pages = pages.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok());
        all.memory += pages.unwrap_or(0) * 4096;
        for task in fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            processes.extend(children.split_whitespace().flat_map(str::parse::<i32>));
        }
    }
    all
}
