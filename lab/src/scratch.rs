//! Temporary folders that are gone when the program is, also by Ctrl-C or a closed pipe, which run no destructor.

use std::{
    fs, mem,
    path::{Path, PathBuf},
    process,
    sync::{Mutex, MutexGuard, Once, PoisonError},
    thread,
};

use anyhow::{Context, Result};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};

use crate::ctrl_c::Claim;

static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A temporary folder.
pub struct Scratch(PathBuf);

impl Scratch {
    /// One for a program that has no end of its own for Ctrl-C: from the first on, the program ends by SIGINT, SIGTERM
    /// and SIGHUP with the exit code that a shell gives them, and the folders are removed before.
    ///
    /// # Errors
    /// If there can be none.
    pub fn new() -> Result<Self> {
        static WATCH: Once = Once::new();
        let mut signals = Ok(());
        WATCH.call_once(|| signals = watch());
        signals?;
        let mut folders = folders();
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?.keep();
        folders.push(folder.clone());
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Until it is removed, under the lock: an end by a signal waits for that.
        let mut folders = folders();
        folders.retain(|folder| *folder != self.0);
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Waits for the end of this program if its folders are being removed: whoever finds that a file in one of them is gone
/// has nothing to report.
pub fn wait_if_ending() {
    drop(folders());
}

fn watch() -> Result<()> {
    let ends = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| !is_ignored(*signal));
    let mut signals = Signals::new(ends).context("cannot listen for Ctrl-C")?;
    let claim = Claim::new().context("cannot listen for Ctrl-C")?;
    thread::spawn(move || {
        let _claim = claim;
        if let Some(signal) = signals.forever().next() {
            remove_all();
            process::exit(128 + signal);
        }
    });
    Ok(())
}

/// Whether this program was started with the signal ignored, as `nohup` and a shell's `&` do: then it stays so.
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

/// Removes the folders that there are, right before an end that runs no destructor.
pub(crate) fn remove_all() {
    let mut folders = folders();
    for folder in folders.drain(..) {
        // Under another name: a thread that is still making files in it gets an error, not a new file.
        let gone = folder.with_extension("gone");
        let gone = fs::rename(&folder, &gone).map_or(folder, |()| gone);
        let _ = fs::remove_dir_all(gone);
    }
    // The lock stays, so that a thread with such an error waits here for the end, and does not bring its own.
    mem::forget(folders);
}

fn folders() -> MutexGuard<'static, Vec<PathBuf>> {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_gone_with_its_handle_and_the_others_stay() -> Result<()> {
        let (one, other) = (Scratch::new()?, Scratch::new()?);
        fs::write(one.path().join("file"), "text")?;
        let (gone, stays) = (one.path().to_owned(), other.path().to_owned());
        drop(one);
        assert!(!gone.exists() && stays.exists());
        let kept = folders().clone();
        assert!(kept.contains(&stays) && !kept.contains(&gone), "{kept:?}");
        Ok(())
    }
}
