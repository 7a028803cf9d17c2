//! Every kind of work in every model, timed: the tutorials' advice, measured on this machine.
//!
//! Extends: compare
//! Python → Rust: `Thread`, `Pool`, `asyncio.gather` → `thread::scope`, `Pool`, `try_join_all` · no counterpart → rayon
//!
//! The start of threads, processes or event loop is part of what is timed. Work that fails ends the run, which says
//! which work it was in which model. Take the release build for it.
//!
//! Run: `cargo run --release --bin lesson-05-patterns -- grid`, or a part: `cargo 05-patterns grid wait --models threads async`
//! The times vary, and with them what is best where two are near each other.

mod model;
mod work;

use std::{
    fs::File,
    io::{self, Read},
    time::Instant,
};

use anyhow::{Context, Result};
use lab::scratch::Scratch;
use multiprocessing::Tasks;

use model::MODELS;
use work::{FILE_SIZE, WORKS, Work};

/// Every kind of work in every model, timed
#[derive(clap::Args)]
pub struct Args {
    /// Kinds of work
    #[arg(value_parser = WORKS, default_values = WORKS)]
    works: Vec<String>,
    /// Models
    #[arg(long, num_args = 1.., value_parser = MODELS.map(|it| it.0), default_values = MODELS.map(|it| it.0))]
    models: Vec<String>,
    /// Tasks of each kind in each model
    #[arg(long, default_value = "4", value_parser = clap::value_parser!(u16).range(1..=1000))]
    tasks: u16,
    /// Seconds that a task waits
    #[arg(long, default_value = "1", value_parser = lab::args::seconds)]
    wait: f64,
    /// Additions of a task that computes
    #[arg(long, default_value = "10000000", value_parser = clap::value_parser!(u64).range(1..=10_000_000_000))]
    additions: u64,
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(work::in_a_process);
}

pub fn run(args: Args) -> Result<()> {
    let folder = Scratch::new()?;
    let file = folder.path().join("file");
    File::create(&file)
        .and_then(|mut to| io::copy(&mut io::repeat(b'x').take(FILE_SIZE as u64), &mut to))
        .with_context(|| format!("cannot write {}", file.display()))?;
    let chosen = |(name, _): &(&str, _)| args.models.iter().any(|model| model == name);
    let models: Vec<_> = MODELS.into_iter().filter(chosen).collect();
    println!("Seconds for {} tasks, starts included:", args.tasks);
    let head: String = models.iter().map(|(name, _)| format!("{name:>12}")).collect();
    println!("{:<12}{head}  best", "");
    for name in &args.works {
        let work = Work::new(name, args.wait, args.additions, &file)?;
        print!("{name:<12}");
        let mut best = (f64::INFINITY, "");
        for (model, run) in &models {
            let begin = Instant::now();
            run(&work, args.tasks).with_context(|| format!("{name} in {model}"))?;
            let seconds = begin.elapsed().as_secs_f64();
            print!("{seconds:>12.3}");
            if seconds < best.0 {
                best = (seconds, model);
            }
        }
        println!("  {}", best.1);
    }
    Ok(())
}
