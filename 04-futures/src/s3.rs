//! The S3 of the transfers in earnest: whose, how many at once, and an end at Ctrl-C.

use std::{
    borrow::Cow,
    fmt::Display,
    io::{self, Write},
    time::Duration,
};

use anyhow::Result;
use crc_fast::Digest;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use lab::{
    Interrupted,
    bucket::{self, Bucket},
    s3::{Connection, Endpoint},
};
use object_store::{Attribute, aws::AmazonS3};
use tokio::{select, sync::watch};

#[derive(clap::Args)]
pub struct Transfers {
    #[command(flatten)]
    connection: Connection,
    /// Transfers at once
    #[arg(long, default_value = "8", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub concurrency: u16,
    /// Seconds of silence after which a connection is given up
    #[arg(long, default_value = "30", value_parser = lab::args::seconds)]
    timeout: f64,
}

/// The metadata of an object that holds its CRC-64/NVME, in hexadecimal.
pub const CHECKSUM: Attribute = Attribute::Metadata(Cow::Borrowed(bucket::CHECKSUM));

/// A digest as [`CHECKSUM`] holds it.
pub fn hex(digest: &Digest) -> String {
    format!("{:016x}", digest.finalize())
}

/// A bucket, and the progress of the transfers.
pub struct S3 {
    pub store: AmazonS3,
    pub bucket: String,
    pub progress: ProgressBar,
    /// Whether Ctrl-C has come.
    pub interrupted: watch::Sender<bool>,
    _local: Option<Bucket>,
}

impl S3 {
    pub fn new(args: Transfers) -> Result<Self> {
        let Connection { endpoint, bucket } = args.connection;
        let (endpoint, local) = Endpoint::find(endpoint.as_ref())?;
        let template = "{wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}";
        // Draws nothing if standard error is no terminal.
        let progress = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        Ok(Self {
            store: endpoint.client(&bucket, Duration::from_secs_f64(args.timeout))?,
            bucket,
            progress: progress.with_style(ProgressStyle::with_template(template)?),
            interrupted: watch::Sender::new(false),
            _local: local,
        })
    }

    /// Prints a line above the progress bar. If nobody reads it, transfers under way still end well:
    /// `println!` would end the program amidst them.
    pub fn say(&self, line: impl Display) {
        self.progress.suspend(|| _ = writeln!(io::stdout(), "{line}"));
    }

    /// Drops `work` at Ctrl-C.
    pub async fn unless_interrupted<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let mut interrupted = self.interrupted.subscribe();
        select! {
            done = work => done,
            _ = interrupted.wait_for(|interrupted| *interrupted) => Err(Interrupted.into()),
        }
    }
}
