//! How often each word comes in text of any size: the map and reduce of the slide, on real input.
//!
//! Ports: slideshow slide 11
//! Python → Rust: `db.from_sequence(chunks)` → `chunks.par_iter()` · `.map(count)` → `try_fold`, which
//! goes on with the same map for as long as a thread has chunks · `.fold(merge)` → `try_reduce`
//!
//! The input is cut into chunks that need nothing of each other: a word belongs to the chunk in which
//! it begins. So threads, processes and the hosts of a cluster (`--on`) do the same with them, and
//! print the same. A word is what stands between ASCII white space, whatever its bytes.
//! `--counts` has two other ways to the same result, which share one map: a DashMap, and a map in a
//! Mutex. `--compare` runs all three on one thread and on all.
//!
//! Run: `cargo run --release -p lesson-06-distributed -- word-count --compare`

pub mod chunk;
pub mod counts;
mod input;
mod summary;
mod variants;

use anyhow::{Context, Error, Result};
use multiprocessing::Tasks;
use rayon::ThreadPoolBuilder;

use self::{chunk::Chunk, counts::Counts, variants::Variant};
use crate::{
    cluster,
    on::{self, On},
};

/// What is counted before counts travel, in chunks: 16 MiB of text by default.
const CHUNKS_A_SHARE: u64 = 16;

/// How often each word comes in files, folders or objects
#[derive(clap::Args)]
pub struct Args {
    /// Files, folders and s3://BUCKET/PREFIX [default: generated text]
    inputs: Vec<String>,
    /// Bytes of the generated text
    #[arg(long, default_value = "67108864", conflicts_with = "inputs", value_parser = clap::value_parser!(u64).range(..=1 << 40))]
    size: u64,
    /// Print so many of the most frequent words
    #[arg(long, default_value = "10")]
    top: usize,
    /// What it runs on: threads, processes or df://HOST:PORT
    #[arg(long, default_value = "threads")]
    on: On,
    /// Seconds that a cluster has
    #[arg(long, default_value = "600", value_parser = lab::args::seconds)]
    deadline: f64,
    /// Threads or processes [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    workers: Option<u16>,
    /// How threads keep their counts
    #[arg(long, default_value = "merged")]
    counts: Variant,
    /// Bytes of a chunk
    #[arg(long, default_value = "1048576", value_parser = clap::value_parser!(u64).range(1..=1 << 30))]
    chunk: u64,
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(count_share);
}

pub fn run(args: &Args) -> Result<()> {
    let inputs = if args.inputs.is_empty() {
        vec![lab::text::file(args.size)?.to_string_lossy().into_owned()]
    } else {
        args.inputs.clone()
    };
    let chunks = input::chunks(&inputs, args.chunk)?;
    let shares = || input::shares(&chunks, CHUNKS_A_SHARE * args.chunk);
    let counts = match &args.on {
        On::Threads => on_threads(&chunks, args.workers, args.counts)?,
        On::Processes => on_processes(shares(), args.workers)?,
        On::Cluster(address) => cluster::count(address, args.deadline, &shares())?,
    };
    summary::print(&counts, &chunks, args.top)
}

fn on_threads(chunks: &[Chunk], workers: Option<u16>, variant: Variant) -> Result<Counts> {
    let workers = workers.unwrap_or(0).into(); // 0: rayon takes one for each core
    let pool = ThreadPoolBuilder::new().num_threads(workers).build();
    let pool = pool.context("cannot start the pool's threads")?;
    pool.install(|| variant.count(chunks))
}

/// A process counts a share of many chunks before it sends anything: what travels is counts.
fn on_processes(shares: Vec<Vec<Chunk>>, workers: Option<u16>) -> Result<Counts> {
    let pool = on::processes(workers)?;
    let mut counts = Counts::default();
    for share in pool.map_unordered(count_share, shares)? {
        counts = counts.merge(share?.map_err(Error::msg)?);
    }
    pool.join()?;
    Ok(counts)
}

/// Its error is text, because only data can cross between processes.
pub fn count_share(chunks: Vec<Chunk>) -> Result<Counts, String> {
    let mut counts = Counts::default();
    chunks
        .iter()
        .try_for_each(|chunk| chunk.each_word(|word| counts.add(word, 1)))
        .map_err(|error| format!("{error:#}"))?;
    Ok(counts)
}
