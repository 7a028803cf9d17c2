//! What sharing costs: threads that count in a map each, in one DashMap, and in one map behind a Mutex.
//!
//! Extends: word-count
//! Python → Rust: a `Counter` each, merged → the same · 16 of them, each with a `Lock` → `DashMap` · one with a `Lock`
//! → `Mutex<HashMap>`, here a `Mutex` around the library's `Counts`
//!
//! The three differ in where a word is added, and in nothing else. Each is timed on one thread, where nobody is in the
//! way, and on all. The `Mutex` is parking_lot's: a panic while it is held does not poison it. None bounds its memory.
//!
//! Run: `cargo run --release --bin lesson-06-distributed -- sharing`

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use counting::{Chunk, Counts, Summary};
use dashmap::DashMap;
use parking_lot::Mutex;
use rayon::{ThreadPool, ThreadPoolBuilder, prelude::*};
use rustc_hash::FxBuildHasher;

use crate::text::Text;

fn merged(chunks: &[Chunk], top: usize) -> Result<Summary> {
    let counts = chunks.par_iter().try_fold(Counts::default, |mut counts, chunk| {
        chunk.each_word(|word| counts.add(word, 1))?;
        anyhow::Ok(counts)
    });
    let counts = counts.try_reduce(Counts::default, |one, other| Ok(one.merge(other)))?;
    Summary::of(counts.into_iter().map(Ok), top)
}

fn dashmap(chunks: &[Chunk], top: usize) -> Result<Summary> {
    let counts = DashMap::with_hasher(FxBuildHasher);
    let add = |word| *counts.entry(word).or_default() += 1;
    chunks.par_iter().try_for_each(|chunk| chunk.each_word(add))?;
    Summary::of(counts.into_iter().map(Ok), top)
}

fn mutex(chunks: &[Chunk], top: usize) -> Result<Summary> {
    let counts = Mutex::new(Counts::default());
    let add = |word| counts.lock().add(word, 1);
    chunks.par_iter().try_for_each(|chunk| chunk.each_word(add))?;
    Summary::of(counts.into_inner().into_iter().map(Ok), top)
}

type Way = fn(&[Chunk], usize) -> Result<Summary>;

const WAYS: [(&str, Way); 3] = [("merged", merged), ("dashmap", dashmap), ("mutex", mutex)];

/// What it costs that threads share a map
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    text: Text,
    /// Print what this way counts, in place of the times of all
    #[arg(long, value_parser = WAYS.map(|(name, _)| name))]
    counts: Option<String>,
    /// Print so many of the most frequent words
    #[arg(long, default_value = "10")]
    top: usize,
    /// Threads [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    workers: Option<u16>,
}

pub fn run(args: Args) -> Result<()> {
    let (chunks, _bucket) = args.text.chunks()?;
    let pool = |threads: u16| ThreadPoolBuilder::new().num_threads(threads.into()).build();
    let all = pool(args.workers.unwrap_or(0)).context("cannot start the pool's threads")?;
    for (name, count) in WAYS {
        if args.counts.as_deref() == Some(name) {
            let summary = all.install(|| count(&chunks, args.top))?;
            summary.print(chunks.iter().map(Chunk::bytes).sum());
            return Ok(());
        }
    }

    let workers = all.current_num_threads();
    println!("seconds       1 thread  {workers:>2} threads    speed-up");
    let expected = all.install(|| merged(&chunks, args.top))?; // whose time would be the disk's too
    let one = pool(1)?;
    for (name, count) in WAYS {
        let timed = |threads: &ThreadPool| {
            let begin = Instant::now();
            let summary = threads.install(|| count(&chunks, args.top))?;
            ensure!(summary == expected, "{name} counts something else");
            anyhow::Ok(begin.elapsed().as_secs_f64())
        };
        let (one, all) = (timed(&one)?, timed(&all)?);
        println!("{name:<10}{one:>12.3}{all:>12.3}{:>12.2}", one / all);
    }
    Ok(())
}
