//! Where traced programs run and write.

use std::{
    fs,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use anyhow::{Context, Result};

use crate::cargo;

/// A folder for runs, gone when this is dropped.
pub struct Folder(PathBuf);

impl Folder {
    /// A new one. Those of programs that were killed are removed.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn new() -> Result<Self> {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        remove_left_behind();
        let name = format!("run-{}-{}", process::id(), MADE.fetch_add(1, Relaxed));
        let folder = pictures().join(name);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Where pictures of traces are put, and the folders of runs.
pub fn pictures() -> PathBuf {
    cargo::target().join("trace")
}

fn remove_left_behind() {
    for entry in fs::read_dir(pictures()).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let numbers = name.to_str().and_then(|name| name.strip_prefix("run-"));
        let pid = numbers.and_then(|numbers| numbers.split('-').next());
        if pid.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
