//! How an example's two programs are started to be recorded.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{catalogue::Example, python::Python};

/// Labels a twin's functions while it runs.
const LABELS: &str = include_str!("../../trace/sitecustomize.py");

/// The Rust program of a lesson with an example's name and arguments.
pub fn rust(program: &Path, example: &Example, args: &[String]) -> Vec<OsString> {
    let words = [program.into(), OsString::from(&example.name)];
    words.into_iter().chain(args.iter().map(OsString::from)).collect()
}

/// The twin; [`labels`] must be on its `PYTHONPATH`.
pub fn python(python: &Python, example: &Example, args: &[String]) -> Vec<OsString> {
    let mut command: Vec<_> = vec![python.interpreter.clone().into()];
    command.extend(["-BPc", "import sitecustomize; sitecustomize.main()"].map(OsString::from));
    command.push(example.twin().into());
    command.extend(args.iter().map(OsString::from));
    command
}

/// Writes what labels a twin's functions into a folder below `folder`, and says which.
///
/// # Errors
/// If it cannot be written.
pub fn labels(folder: &Path) -> Result<PathBuf> {
    let library = folder.join("labels");
    fs::create_dir_all(&library)
        .and_then(|()| fs::write(library.join("sitecustomize.py"), LABELS))
        .with_context(|| format!("cannot write to {}", library.display()))?;
    Ok(library)
}
