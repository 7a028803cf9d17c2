//! Mixed work of which some fails: each failure is named with its cause, all else is finished, and the exit code tells.
//!
//! Extends: io-and-cpu
//! Python → Rust: `try` in each thread and a list of failures → a `Result` from each `join` · `exitcode` → `Process::join`
//!
//! A Python thread that raises prints a traceback and changes no exit code. The sums are computed by processes or, with
//! `--sums-in threads`, by threads: the same result, and the start of the processes saved.
//!
//! Run: `cargo 05-patterns failing-files Cargo.toml no-such-file --sums 1000 --sums-in threads`
//! The order of the lines may vary.

use std::{fs, hint::black_box, path::PathBuf, thread};

use anyhow::{Context, Result, ensure};
use multiprocessing::{Process, Tasks};
use tracing::instrument;

#[instrument]
fn read_file(path: PathBuf) -> Result<()> {
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    println!("File '{}' read successfully.", path.file_name().unwrap_or_default().display());
    Ok(())
}

#[instrument]
fn compute_sum(below: u64) {
    let sum: u64 = (0..below).map(black_box).sum();
    println!("Sum of numbers up to {below} is {sum}.");
}

/// Files and sums of which some fail, on threads and processes
#[derive(clap::Args)]
pub struct Args {
    /// Text files [default: two that are generated]
    #[arg(num_args = 0..=1000)]
    files: Vec<PathBuf>,
    /// Add up the numbers below each of these
    #[arg(long, num_args = 1..=1000, default_values = ["10000000", "20000000"], value_parser = clap::value_parser!(u64).range(..=4_000_000_000))]
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

pub fn run(args: Args) -> Result<()> {
    let files = if args.files.is_empty() { lab::text::files(2)? } else { args.files };
    let mut threads = Vec::new();
    let mut processes = Vec::new();
    for path in files {
        threads.push(thread::spawn(move || read_file(path)));
    }
    for below in args.sums {
        match args.sums_in {
            Workers::Threads => threads.push(thread::spawn(move || {
                compute_sum(below);
                Ok(())
            })),
            Workers::Processes => {
                processes.push((below, Process::spawn(compute_sum, (below,))));
            }
        }
    }
    let mut results = Vec::new();
    for thread in threads {
        results.push(thread.join().expect("no thread panics"));
    }
    for (below, process) in processes {
        let done = process.and_then(Process::join);
        results.push(done.with_context(|| format!("cannot add up the numbers below {below}")));
    }
    let mut failed = 0;
    for result in &results {
        if let Err(error) = result {
            eprintln!("{error:#}");
            failed += 1;
        }
    }
    ensure!(failed == 0, "{failed} of {} tasks failed", results.len());
    Ok(())
}
