//! Files sent at once to S3.
//!
//! Ports: introduction section 12
//! Python → Rust: `s3.upload_fileobj` → `object_store::buffered::BufWriter` · `executor.submit` →
//! `tokio::spawn` · `future.result()` → a `Result` for each file
//!
//! As `upload_fileobj` does, `BufWriter` sends a small file with one request and a large one in
//! parts, several at once; so many parts are in memory, whatever the size of the file. An upload that
//! fails is aborted, and its parts go: until it is complete, the bucket has the old object or none.
//! Each request is signed together with the SHA-256 of its content, so S3 refuses what does not
//! arrive as it was sent. The whole file's checksum goes along as metadata, for the download to check.
//!
//! Run: `cargo 04-futures s3-upload README.md`, and for another S3 than the local one as s3-download
//! The order of the lines may vary.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, ensure};
use crc_fast::{CrcAlgorithm, Digest};
use lab::s3::cause;
use object_store::{Attributes, buffered::BufWriter};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
};
use tracing::{Instrument, info_span};

use crate::s3::{self, CHECKSUM, S3, hex};

/// S3 takes parts of 5 MiB and more, and at most 10,000 of them.
const PART: u64 = 5 << 20;
const PARTS: u64 = 10_000;
const PARTS_AT_ONCE: usize = 2;

/// Files sent at once to an S3 bucket
#[derive(clap::Args)]
pub struct Args {
    /// Files [default: file1.txt to file3.txt, made for the occasion]
    files: Vec<String>,
    /// How many files to make if none is named
    #[arg(long, default_value = "3", conflicts_with = "files", value_parser = clap::value_parser!(u32).range(1..=65_000))]
    count: u32,
    /// Bytes of each of them
    #[arg(long, default_value = "16384", conflicts_with = "files")]
    size: u64,
    #[command(flatten)]
    s3: s3::Connection,
}

pub fn run(mut args: Args) -> Result<()> {
    let made = tempfile::tempdir().context("cannot make a temporary folder")?;
    let mut folder = Path::new("");
    if args.files.is_empty() {
        folder = made.path();
        args.files =
            lab::s3::make_files(folder, args.count, args.size).context("cannot make files")?;
    }
    let keys = s3::distinct_names(&args.files)?.into_iter().map(|name| format!("uploaded_{name}"));
    let jobs: Vec<_> = args
        .files
        .iter()
        .zip(keys)
        .map(|(file, key)| (folder.join(file), file.clone(), key))
        .collect();
    let total = jobs.len();
    let s3 = Arc::new(S3::new(args.s3)?);
    let completed = s3::transfer(&s3, jobs, upload_file)?;
    for key in &completed {
        println!("Completed upload: {key}");
    }
    ensure!(completed.len() == total, "{} of {total} uploads failed", total - completed.len());
    Ok(())
}

async fn upload_file(s3: Arc<S3>, (path, file, key): (PathBuf, String, String)) -> Result<String> {
    let bucket = &s3.bucket;
    let span = info_span!("upload", file);
    s3.say(format_args!("Uploading {file} to {bucket}/{key}"));
    upload(&s3, &path, &key)
        .instrument(span)
        .await
        .with_context(|| format!("cannot upload {file} to {bucket}/{key}"))?;
    s3.say(format_args!("Uploaded {file} to {bucket}/{key}"));
    Ok(key)
}

async fn upload(s3: &S3, path: &Path, key: &str) -> Result<()> {
    let mut file = File::open(path).await?;
    let length = file.metadata().await?.len();
    s3.progress.inc_length(length);
    let mut digest = Digest::new(CrcAlgorithm::Crc64Nvme);
    while let Some(chunk) = read(&mut file).await? {
        digest.update(&chunk);
    }
    file.rewind().await?;
    let part = usize::try_from(PART.max(length.div_ceil(PARTS)))?;
    let mut writer =
        BufWriter::with_capacity(s3.store.clone(), object_store::path::Path::parse(key)?, part)
            .with_max_concurrency(PARTS_AT_ONCE)
            .with_attributes(Attributes::from_iter([(CHECKSUM, hex(&digest))]));
    let send = async {
        let mut sent = Digest::new(CrcAlgorithm::Crc64Nvme);
        while let Some(chunk) = read(&mut file).await? {
            sent.update(&chunk);
            s3.progress.inc(chunk.len() as u64);
            writer.put(chunk.into()).await.map_err(cause)?;
        }
        ensure!(sent.finalize() == digest.finalize(), "the file changed while it was read");
        Ok(())
    };
    if let Err(error) = s3::unless_interrupted(send).await {
        // If this fails too, the first error is the one to tell.
        let _ = writer.abort().await;
        return Err(error);
    }
    writer.shutdown().await.map_err(cause)
}

async fn read(file: &mut File) -> io::Result<Option<Vec<u8>>> {
    let mut chunk = Vec::with_capacity(1 << 20);
    let length = file.read_buf(&mut chunk).await?;
    Ok((length > 0).then_some(chunk))
}
