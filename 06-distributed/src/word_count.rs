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

mod chunk;
mod compare;
mod counts;
mod input;
mod object;
mod source;
mod spill;
mod summary;
mod variants;
mod word;

use std::mem;

use anyhow::{Context, Error, Result};
use lab::s3::{Endpoint, Url};
use multiprocessing::Tasks;
use rayon::ThreadPoolBuilder;

use self::{chunk::Chunk, counts::Counts, spill::Spill, summary::Summary, variants::Variant};
use crate::on::{self, On};

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
    /// Threads or processes [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    workers: Option<u16>,
    /// How threads keep their counts
    #[arg(long, default_value = "merged")]
    counts: Variant,
    /// Time all of these on one thread and on all
    #[arg(long, conflicts_with_all = ["on", "counts"])]
    compare: bool,
    /// Bytes of a chunk
    #[arg(long, default_value = "1048576", value_parser = clap::value_parser!(u64).range(1..=1 << 30))]
    chunk: u64,
    /// For s3://, any S3: its URL, and AWS_ACCESS_KEY_ID and the like [default: a local bucket]
    #[arg(long, value_name = "URL")]
    endpoint: Option<Url>,
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(count_share);
}

pub fn run(mut args: Args) -> Result<()> {
    if args.inputs.is_empty() {
        args.inputs.push(lab::text::file(args.size)?.to_string_lossy().into_owned());
    }
    let needs_s3 = args.inputs.iter().any(|input| input.starts_with("s3://"));
    let s3 = needs_s3.then(|| Endpoint::find(args.endpoint.as_ref())).transpose()?;
    let chunks = input::chunks(&args.inputs, s3.as_ref().map(|(s3, _)| s3), args.chunk)?;
    if args.compare {
        return compare::run(&chunks, args.workers);
    }
    let summary = match &args.on {
        On::Threads => on_threads(&chunks, args.workers, args.counts, args.top)?,
        On::Processes => on_processes(&chunks, args.workers, args.top)?,
        On::Cluster(address) => return Err(on::no_cluster(address)),
    };
    summary.print(chunks.iter().map(|chunk| chunk.end - chunk.begin).sum());
    Ok(())
}

fn on_threads(
    chunks: &[Chunk],
    workers: Option<u16>,
    variant: Variant,
    top: usize,
) -> Result<Summary> {
    let workers = workers.unwrap_or(0).into(); // 0: rayon takes one for each core
    let pool = ThreadPoolBuilder::new().num_threads(workers).build();
    let pool = pool.context("cannot start the pool's threads")?;
    let spill = Spill::new(pool.current_num_threads());
    let counts = pool.install(|| variant.count(chunks, &spill))?;
    Summary::of(spill.merge(counts)?, top)
}

/// What travels is shares there and counts back, never text.
fn on_processes(chunks: &[Chunk], workers: Option<u16>, top: usize) -> Result<Summary> {
    let pool = on::processes(workers)?;
    let spill = Spill::new(1);
    let mut counts = Counts::default();
    for share in pool.map_unordered(count_share, input::shares(chunks, pool.workers()))? {
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
        let counted = chunk.each_word(|word| counts.add(word, 1));
        counted.map_err(|error| format!("{error:#}"))?;
        if counts.memory() > spill::MEMORY {
            encoded.push(mem::take(&mut counts).encode());
        }
    }
    encoded.push(counts.encode());
    Ok(encoded)
}
