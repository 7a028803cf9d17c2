//! Mixed work, each on what suits it: files are read by threads, sums computed by processes.
//!
//! Ports: slideshow slide 4
//! Python → Rust: `Thread(target=read_file)` → `thread::scope` · `Process(target=compute_sum)` →
//! `multiprocessing::Process`
//!
//! Python needs the processes, because its threads do not compute at the same time. Rust does not:
//! `--sums-in threads` gives the same and saves the start of two processes. A file that cannot be
//! read is named, all else is finished, and the exit code tells; in Python a thread's traceback
//! changes no exit code. `black_box` keeps the compiler from replacing a sum by its formula.
//!
//! Run: `cargo 05-patterns io-and-cpu Cargo.toml README.md --sums 1000 2000`
//! The order of the lines may vary.

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context, Result, ensure};
use multiprocessing::{Process, Tasks};
use tracing::info_span;

/// Files read by threads, sums computed by processes
#[derive(clap::Args)]
pub struct Args {
    /// Text files [default: file1.txt and file2.txt, made for the occasion]
    files: Vec<PathBuf>,
    /// Add up the numbers below each of these
    #[arg(long, num_args = 1.., default_values = ["10000000", "20000000"], value_parser = clap::value_parser!(u64).range(..=4_000_000_000))]
    sums: Vec<u64>,
    /// What computes the sums
    #[arg(long, default_value = "processes")]
    sums_in: Workers,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Workers {
    Processes,
    Threads,
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(compute_sum);
}

pub fn run(mut args: Args) -> Result<()> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    if args.files.is_empty() {
        args.files = ["file1.txt", "file2.txt"].map(|name| folder.path().join(name)).into();
        for file in &args.files {
            fs::write(file, "A line of text.\n".repeat(1000))
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
    }
    let results: Vec<Result<()>> = thread::scope(|scope| {
        let files = args.files.iter();
        let mut threads: Vec<_> = files.map(|file| scope.spawn(|| read_file(file))).collect();
        let mut results = Vec::new();
        match args.sums_in {
            Workers::Threads => threads.extend(args.sums.iter().map(|below| {
                scope.spawn(|| {
                    compute_sum(*below);
                    Ok(())
                })
            })),
            Workers::Processes => {
                let start = |below: &u64| Process::spawn(compute_sum, (*below,));
                let processes: Vec<_> = args.sums.iter().map(start).collect();
                results.extend(processes.into_iter().map(|process| Ok(process?.join()?)));
            }
        }
        results.extend(threads.into_iter().map(|it| it.join().expect("no thread panics")));
        results
    });
    let count = results.len();
    let failed = results.into_iter().filter_map(Result::err);
    let failed = failed.inspect(|error| eprintln!("{error:#}")).count();
    ensure!(failed == 0, "{failed} of {count} tasks failed");
    Ok(())
}

fn read_file(file: &Path) -> Result<()> {
    let _span = info_span!("read_file", file = %file.display()).entered();
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file.file_name().unwrap_or(file.as_os_str());
    println!("File '{}' read successfully.", name.display());
    Ok(())
}

fn compute_sum(below: u64) {
    let _span = info_span!("compute_sum", below).entered();
    let sum: u64 = (0..below).map(black_box).sum();
    println!("Sum of numbers up to {below} is {sum}.");
}
