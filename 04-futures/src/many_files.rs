//! Many files upper-cased by a pool of threads: in bounded memory, and each failure by name.
//!
//! Extends: files
//! Python → Rust: `executor.submit` → `par_iter().for_each_with` · `as_completed` → the receiving end of a
//! `sync_channel` · `tempfile.TemporaryDirectory` → `lab::scratch::Scratch`
//!
//! A file that is missing or is not UTF-8 is reported, the others are printed, and the exit code tells. The channel has
//! few places: the pool waits for the printing, and memory does not grow with the number of files. The folder of the
//! files that it makes is gone however it ends, also by Ctrl-C or where nobody reads on (`| head -1`).
//!
//! Run: `cargo 04-futures many-files --count 100 --size 1000000`
//! The order of the files may vary.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc,
};

use anyhow::{Context, Result, ensure};
use lab::scratch::{self, Scratch};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use tracing::info_span;

fn process_file(file: &Path) -> Result<String> {
    let _span = info_span!("process_file", file = %file.display()).entered();
    let text = fs::read_to_string(file);
    let text = text.with_context(|| format!("cannot read {}", file.display()))?;
    Ok(text.to_uppercase())
}

fn make_files(folder: &Path, count: u32, size: usize) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for number in 1..=count {
        let line = format!("file {number} was read while others were read\n");
        let mut text = line.repeat(size / line.len() + 1);
        text.truncate(size);
        let file = folder.join(format!("file{number}.txt"));
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        files.push(file);
    }
    Ok(files)
}

/// Many files upper-cased by a pool of threads
#[derive(clap::Args)]
pub struct Args {
    /// Text files [default: file1.txt and so on, made now and removed]
    files: Vec<PathBuf>,
    /// How many files to make if none is named
    #[arg(long, default_value = "3", conflicts_with = "files", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    count: u32,
    /// Bytes of each of them
    #[arg(long, default_value = "38", conflicts_with = "files", value_parser = clap::value_parser!(u32).range(0..=1_000_000_000))]
    size: u32,
}

pub fn run(mut args: Args) -> Result<()> {
    let mut made = None;
    if args.files.is_empty() {
        let folder = made.insert(Scratch::new()?);
        args.files = make_files(folder.path(), args.count, args.size as usize)?;
    }
    let mut failed = 0;
    let (sender, results) = mpsc::sync_channel(16);
    rayon::in_place_scope(|scope| {
        let files = &args.files;
        scope.spawn(move |_| {
            files.par_iter().for_each_with(sender, |sender, file| {
                sender.send(process_file(file)).expect("results are received below");
            });
        });
        for result in results {
            match result {
                Ok(text) => println!("{text}"),
                Err(error) => {
                    scratch::wait_if_ending(); // by Ctrl-C: then the files that were made are gone
                    eprintln!("{error:#}");
                    failed += 1;
                }
            }
        }
    });
    ensure!(failed == 0, "{failed} of {} files failed", args.files.len());
    Ok(())
}
