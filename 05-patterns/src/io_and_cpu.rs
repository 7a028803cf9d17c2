//! Mixed work, each on what suits it: files are read by threads, sums computed by processes.
//!
//! Ports: slideshow slide 4
//! Python → Rust: `Thread(target=read_file)` → `thread::spawn` · `Process(target=compute_sum)` → `Process::spawn`
//!
//! Python needs the processes, because its threads do not compute at the same time; Rust's do (`failing-files
//! --sums-in threads`). `black_box` keeps the compiler from replacing a sum by its formula.
//!
//! Run: `cargo 05-patterns io-and-cpu --sums 1000 2000`. The order of the lines may vary.

use std::{fs, hint::black_box, path::PathBuf, thread};

use anyhow::{Context, Result};
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

/// Files read by threads, sums computed by processes
#[derive(clap::Args)]
pub struct Args {
    /// Add up the numbers below each of these
    #[arg(long, num_args = 1..=1000, default_values = ["10000000", "20000000"], value_parser = clap::value_parser!(u64).range(..=4_000_000_000))]
    sums: Vec<u64>,
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(compute_sum);
}

pub fn run(args: Args) -> Result<()> {
    let mut threads = Vec::new();
    for path in lab::text::files(2)? {
        threads.push(thread::spawn(move || read_file(path)));
    }
    let mut processes = Vec::new();
    for below in args.sums {
        processes.push(Process::spawn(compute_sum, (below,))?);
    }
    for thread in threads {
        thread.join().expect("read_file does not panic")?;
    }
    for process in processes {
        process.join()?;
    }
    Ok(())
}
