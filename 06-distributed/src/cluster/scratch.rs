//! An executor's scratch folder, which holds what its tasks wrote for others to fetch.

use std::{
    env,
    fs::{self, File},
    path::Path,
};

use anyhow::{Context, Result};
use tempfile::TempDir;

const PREFIX: &str = "lesson-06-executor-";

/// A folder that is removed when this is dropped; if the process is killed, by the next [`sweep`].
pub struct Scratch {
    folder: TempDir,
    /// Held as long as the process lives: how others see that it does.
    _lock: File,
}

impl Scratch {
    /// Makes one, after a [`sweep`].
    ///
    /// # Errors
    /// If there is no room for it.
    pub fn new() -> Result<Self> {
        sweep();
        loop {
            let folder = tempfile::Builder::new().prefix(PREFIX).tempdir();
            let folder = folder.context("cannot make a scratch folder")?;
            // Another process may sweep it away before it is locked; then the next one is ours.
            if let Some(lock) = lock(folder.path()).filter(|_| folder.path().exists()) {
                return Ok(Self { folder, _lock: lock });
            }
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders of executors that were killed.
pub fn sweep() {
    for entry in fs::read_dir(env::temp_dir()).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            let path = entry.path();
            if let Some(_lock) = lock(&path) {
                let _ = fs::remove_dir_all(path);
            }
        }
    }
}

/// None if its process lives, or it is not ours to open.
fn lock(folder: &Path) -> Option<File> {
    let folder = File::open(folder).ok()?;
    folder.try_lock().ok()?;
    Some(folder)
}
