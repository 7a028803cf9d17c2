//! Many files sent to S3, or few large ones: each is there whole and unharmed, or not at all.
//!
//! Extends: s3-upload
//! Python → Rust: `upload_fileobj` → `put_opts` for a small file, `put_multipart_opts` and `put_part` for a large one
//!
//! As `upload_fileobj` does, it sends a large file in parts, two at once; so many are in memory, whatever the size of
//! the file. Until the upload is complete the bucket has the old object or none, and one that fails is aborted, so that
//! nobody pays for its parts. The whole file's checksum goes along as metadata, for `many-downloads` to check.
//!
//! Run: `cargo 04-futures many-uploads README.md`, and for another S3 than the local one as `many-downloads`
//! The order of the lines may vary.

use std::{os::fd::AsRawFd, path::PathBuf, sync::Arc};

use anyhow::{Context, Result};
use tracing::{Instrument, info_span};

use crate::{
    s3::{S3, Transfers},
    transfer::{distinct_names, transfer},
};

mod parts;
mod source;

/// A file as it is named, where it is, and the key that it gets.
type Job = (String, PathBuf, String);

async fn upload_file(s3: Arc<S3>, (file, path, key): Job) -> Result<String> {
    let bucket = &s3.bucket;
    s3.say(format_args!("Uploading {file} to {bucket}/{key}"));
    parts::upload(&s3, &path, &key)
        .instrument(info_span!("upload", file))
        .await
        .with_context(|| format!("cannot upload {file} to {bucket}/{key}"))?;
    s3.say(format_args!("Uploaded {file} to {bucket}/{key}"));
    Ok(key)
}

/// Many files sent to an S3 bucket, some at once
#[derive(clap::Args)]
pub struct Args {
    /// Files [default: file1.txt and so on, generated]
    files: Vec<String>,
    /// How many files to make if none is named
    #[arg(long, default_value = "3", conflicts_with = "files", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    count: u32,
    /// Bytes of each of them
    #[arg(long, default_value = "16384", conflicts_with = "files")]
    size: u64,
    #[command(flatten)]
    s3: Transfers,
}

pub fn run(mut args: Args) -> Result<()> {
    let mut made = None;
    if args.files.is_empty() {
        args.files = (1..=args.count).map(|number| format!("file{number}.txt")).collect();
        // All are this one, which has no name itself, so that nothing is left of it however the program ends.
        made = Some(lab::s3::made_file(args.size).context("cannot make files")?);
    }
    let mut jobs = Vec::new();
    for (file, name) in args.files.iter().zip(distinct_names(&args.files)?) {
        let path = match &made {
            Some(made) => format!("/proc/self/fd/{}", made.as_raw_fd()),
            None => file.clone(),
        };
        jobs.push((file.clone(), path.into(), format!("uploaded_{name}")));
    }
    transfer(args.s3, "upload", jobs, upload_file)
}
