//! Files read and upper-cased by a pool of threads, printed as they are done.
//!
//! Ports: slideshow slide 12
//! Python → Rust: `executor.submit(process_file, path)` → `par_iter().for_each_with` · `as_completed`
//! → the receiving end of a channel · `open(path).read()` → `fs::read_to_string`
//!
//! Where Python would stop at the first `future.result()` that raises, a file that is missing or is
//! not UTF-8 is reported by name, the others are printed, and the exit code tells. The channel has
//! few places: the pool waits for the printing, and memory does not grow with the number of files.
//!
//! Run: `cargo 04-futures files Cargo.toml rustfmt.toml`
//! The order of the files may vary.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc,
};

use anyhow::{Context, Result, ensure};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use tracing::info_span;

/// Files upper-cased by a pool of threads
#[derive(clap::Args)]
pub struct Args {
    /// Text files [default: file1.txt to file3.txt, made for the occasion]
    files: Vec<PathBuf>,
    /// How many files to make if none is named
    #[arg(long, default_value = "3", conflicts_with = "files", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    count: u32,
    /// Bytes of each of them
    #[arg(long, default_value = "38", conflicts_with = "files", value_parser = clap::value_parser!(u32).range(0..=1_000_000_000))]
    size: u32,
}

pub fn run(mut args: Args) -> Result<()> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    if args.files.is_empty() {
        args.files = make_files(folder.path(), args.count, args.size)?;
    }
    let mut failed = 0;
    let (sender, results) = mpsc::sync_channel(16);
    rayon::in_place_scope(|scope| {
        let files = &args.files;
        scope.spawn(move |_| {
            files.par_iter().for_each_with(sender, |sender, file| {
                // Sending fails only if nobody receives any more.
                let _ = sender.send(process_file(file));
            });
        });
        for result in results {
            match result {
                Ok(text) => println!("{text}"),
                Err(error) => {
                    eprintln!("{error:#}");
                    failed += 1;
                }
            }
        }
    });
    ensure!(failed == 0, "{failed} of {} files failed", args.files.len());
    Ok(())
}

fn process_file(file: &Path) -> Result<String> {
    let _span = info_span!("process_file", file = %file.display()).entered();
    let text = fs::read_to_string(file);
    let text = text.with_context(|| format!("cannot read {}", file.display()))?;
    Ok(text.to_uppercase())
}

fn make_files(folder: &Path, count: u32, size: u32) -> Result<Vec<PathBuf>> {
    let make = |number| {
        let path = folder.join(format!("file{number}.txt"));
        let line = format!("file {number} was read while others were read\n");
        let mut text = line.repeat(size as usize / line.len() + 1);
        text.truncate(size as usize);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    };
    (1..=count).map(make).collect()
}
