//! What both transfers share: which S3, how many at once, and what becomes of those that fail.

use std::{
    borrow::Cow,
    collections::HashSet,
    fmt::Display,
    io::{self, Write},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use anyhow::{Result, bail, ensure};
use crc_fast::Digest;
use futures_util::{StreamExt, stream};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use lab::{
    bucket::{self, Bucket},
    s3::{Endpoint, Url},
};
use object_store::{Attribute, aws::AmazonS3};
use tokio::{runtime::Runtime, signal};

#[derive(clap::Args)]
pub struct Connection {
    /// Any S3: its URL, and AWS_ACCESS_KEY_ID and the like [default: a local bucket]
    #[arg(long, value_name = "URL")]
    endpoint: Option<Url>,
    /// The bucket
    #[arg(long, default_value = bucket::NAME)]
    bucket: String,
    /// Transfers at once
    #[arg(long, default_value = "8", value_parser = clap::value_parser!(u16).range(1..=1000))]
    concurrency: u16,
    /// Seconds of silence after which a connection is given up
    #[arg(long, default_value = "30", value_parser = lab::args::seconds)]
    timeout: f64,
}

/// The metadata of an object that holds its CRC-64/NVME, in hexadecimal.
pub const CHECKSUM: Attribute = Attribute::Metadata(Cow::Borrowed(bucket::CHECKSUM));

/// A bucket, and the progress of the transfers.
pub struct S3 {
    pub store: Arc<AmazonS3>,
    pub bucket: String,
    pub progress: ProgressBar,
    concurrency: usize,
    _local: Option<Bucket>,
}

impl S3 {
    pub fn new(args: Connection) -> Result<Self> {
        let (endpoint, local) = Endpoint::find(args.endpoint.as_ref())?;
        let store = endpoint.client(&args.bucket, Duration::from_secs_f64(args.timeout))?;
        let style =
            ProgressStyle::with_template("{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}")?;
        Ok(Self {
            store: Arc::new(store),
            bucket: args.bucket,
            // Draws nothing if standard error is no terminal.
            progress: ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr())
                .with_style(style),
            concurrency: args.concurrency.into(),
            _local: local,
        })
    }

    /// Prints a line above the progress bar. If nobody reads it, transfers under way still end well:
    /// `println!` would end the program amidst them.
    pub fn say(&self, line: impl Display) {
        self.progress.suspend(|| _ = writeln!(io::stdout(), "{line}"));
    }
}

/// Runs `work` on all jobs, `concurrency` of them at once, on the cores that there are. A job that
/// fails is reported, and the others go on; Ctrl-C ends those under way and starts no more. Returns
/// what the others gave, in the order in which they completed.
pub fn transfer<J, T: Send + 'static, F>(
    s3: &Arc<S3>,
    jobs: Vec<J>,
    work: fn(Arc<S3>, J) -> F,
) -> Result<Vec<T>>
where
    F: Future<Output = Result<T>> + Send + 'static,
{
    Runtime::new()?.block_on(async {
        let transfers = stream::iter(jobs)
            .take_until(signal::ctrl_c())
            .map(|job| tokio::spawn(work(Arc::clone(s3), job)))
            .buffer_unordered(s3.concurrency);
        let mut completed = Vec::new();
        let mut transfers = pin!(transfers);
        while let Some(result) = transfers.next().await {
            match result.map_err(Into::into).flatten() {
                Ok(value) => completed.push(value),
                Err(error) => s3.progress.suspend(|| eprintln!("{error:#}")),
            }
        }
        s3.progress.finish_and_clear();
        Ok(completed)
    })
}

/// Drops `work` at Ctrl-C.
pub async fn unless_interrupted<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        done = work => done,
        _ = signal::ctrl_c() => bail!("interrupted"),
    }
}

/// The last part of a key or path, which is what the other side's name is made of; no two the same.
pub fn distinct_names(paths: &[String]) -> Result<Vec<&str>> {
    let (mut names, mut seen) = (Vec::new(), HashSet::new());
    for path in paths {
        let name = path.rsplit('/').next().unwrap_or_default();
        ensure!(!name.is_empty(), "{path:?} has no name after its last slash");
        ensure!(seen.insert(name), "two names end in {name}: one would replace the other");
        names.push(name);
    }
    Ok(names)
}

/// A digest as [`CHECKSUM`] holds it.
pub fn hex(digest: &Digest) -> String {
    format!("{:016x}", digest.finalize())
}
