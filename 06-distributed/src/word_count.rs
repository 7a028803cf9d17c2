//! How often each word comes in text of any size: files, folders and objects of an S3, in bounded memory.
//!
//! Extends: map-reduce
//! Python → Rust: `bag.reduction(count, merge)` → `try_fold`, which goes on with the same map for as long as a thread
//! has chunks, and `try_reduce`; the first error ends both · a worker that spills to disk → `Spill`
//!
//! The text is cut into chunks that need nothing of each other: a word belongs to the chunk in which it begins. So
//! threads, processes and the hosts of a cluster (`--on`) do the same with them, and print the same. Chunks, words and
//! counts are this lesson's library, `counting`. A word is what stands between ASCII white space, whatever its bytes.
//!
//! Run: `cargo run --release --bin lesson-06-distributed -- word-count --size 1073741824 --on processes`

use std::mem;

use anyhow::{Context, Error, Result};
use counting::{Chunk, Counts, MEMORY, Spill, Summary};
use multiprocessing::{Pool, Tasks};
use rayon::{ThreadPoolBuilder, prelude::*};

use crate::{cluster, on::On, text::Text};

fn on_threads(chunks: &[Chunk], workers: Option<usize>, top: usize) -> Result<Summary> {
    let pool = ThreadPoolBuilder::new().num_threads(workers.unwrap_or(0)).build(); // 0: one for each core
    let pool = pool.context("cannot start the pool's threads")?;
    let spill = Spill::new(pool.current_num_threads());
    let counts = pool.install(|| {
        chunks
            .par_iter()
            .try_fold(Counts::default, |mut counts, chunk| {
                chunk.each_word(|word| counts.add(word, 1))?;
                spill.relieve(counts)
            })
            .try_reduce(Counts::default, |one, other| spill.relieve(one.merge(other)))
    })?;
    Summary::of(spill.merge(counts)?, top)
}

/// What travels is shares there and counts back, never text.
fn on_processes(chunks: &[Chunk], workers: Option<usize>, top: usize) -> Result<Summary> {
    let pool = Pool::new(workers)?;
    let spill = Spill::new(1);
    let mut counts = Counts::default();
    for share in pool.map_unordered(count_share, counting::shares(chunks, pool.workers()))? {
        for encoded in share?.map_err(Error::msg)? {
            counts = spill.add_encoded(counts, &encoded)?;
        }
    }
    pool.join()?;
    Summary::of(spill.merge(counts)?, top)
}

/// Its error is text, because only data can cross between processes.
fn count_share(chunks: Vec<Chunk>) -> Result<Vec<Vec<u8>>, String> {
    let (mut counts, mut encoded) = (Counts::default(), Vec::new());
    for chunk in chunks {
        chunk.each_word(|word| counts.add(word, 1)).map_err(|error| format!("{error:#}"))?;
        if counts.memory() > MEMORY {
            encoded.push(mem::take(&mut counts).encode());
        }
    }
    encoded.push(counts.encode());
    Ok(encoded)
}

/// How often each word comes in text of any size
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    text: Text,
    /// Print so many of the most frequent words
    #[arg(long, default_value = "10")]
    top: usize,
    /// What it runs on: threads, processes, cluster or df://HOST:PORT
    #[arg(long, default_value = "threads")]
    on: On,
    /// Threads, processes, or executors of its own cluster [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    workers: Option<u16>,
    /// Seconds that a cluster has
    #[arg(long, default_value = "600", value_parser = lab::args::seconds)]
    deadline: f64,
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(count_share);
    cluster::words::register();
}

pub fn run(args: Args) -> Result<()> {
    let (chunks, _bucket) = args.text.chunks()?;
    let workers = args.workers.map(usize::from);
    let summary = match args.on {
        On::Threads => on_threads(&chunks, workers, args.top)?,
        On::Processes => on_processes(&chunks, workers, args.top)?,
        On::Cluster(at) => cluster::words::count(at, workers, args.deadline, &chunks, args.top)?,
    };
    summary.print(chunks.iter().map(Chunk::bytes).sum());
    Ok(())
}
