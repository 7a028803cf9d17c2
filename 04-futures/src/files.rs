//! Files read and upper-cased by a pool of threads, each printed when it is done.
//!
//! Ports: slideshow slide 12
//! Python → Rust: `executor.submit(process_file, path)` → `rayon::spawn` and a channel · `as_completed` →
//! the receiving end · `open(path).read()` → `fs::read_to_string`
//!
//! The first file that cannot be read ends the program, as `future.result()` does in Python; for more of them than
//! memory holds, and each failure by name, see `many-files`.
//!
//! Run: `cargo 04-futures files Cargo.toml rustfmt.toml`
//! The order of the files may vary.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc,
};

use anyhow::{Context, Result};
use tracing::info_span;

fn process_file(file: &Path) -> Result<String> {
    let _span = info_span!("process_file", file = %file.display()).entered();
    let text = fs::read_to_string(file);
    let text = text.with_context(|| format!("cannot read {}", file.display()))?;
    Ok(text.to_uppercase())
}

/// Files upper-cased by a pool of threads
#[derive(clap::Args)]
pub struct Args {
    /// Text files [default: file1.txt to file3.txt, generated]
    files: Vec<PathBuf>,
}

pub fn run(mut args: Args) -> Result<()> {
    if args.files.is_empty() {
        args.files = lab::text::files(3)?;
    }
    let (sender, results) = mpsc::channel();
    for file in args.files {
        let sender = sender.clone();
        // Sending fails where nobody receives any more, because another file could not be read.
        rayon::spawn(move || _ = sender.send(process_file(&file)));
    }
    drop(sender); // so that the results end with the last file
    for result in results {
        println!("{}", result?);
    }
    Ok(())
}
