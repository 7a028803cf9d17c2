//! Objects fetched at once from S3, each into a file.
//!
//! Ports: introduction section 11
//! Python → Rust: `boto3.client("s3")` → `object_store::aws::AmazonS3` · `executor.submit` →
//! `tokio::spawn` · `max_workers` → `buffer_unordered` · `s3.download_file` → `get`, and the loop
//! that `download_file` has inside
//!
//! No threads wait here: each transfer is a task that gives way where a thread would block. Whatever
//! the size of the object, only the chunk at hand is in memory. It goes to a temporary file, which
//! gets its name when all is there and agrees with the length and, where the object has one, the
//! checksum: a file with the right name is a whole file.
//!
//! Run: `cargo 04-futures s3-download`, or
//! `cargo 04-futures s3-download --endpoint https://s3.eu-central-1.amazonaws.com --bucket B KEY`
//! with `AWS_ACCESS_KEY_ID` and so on; or see it fail: `... file1.txt cut/65536/x corrupt/65536/y`
//! The order of the lines may vary.

use std::{
    fs::Permissions,
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, bail, ensure};
use crc_fast::{CrcAlgorithm, Digest};
use futures_util::StreamExt;
use lab::s3::cause;
use object_store::ObjectStoreExt;
use tempfile::NamedTempFile;
use tokio::{fs::File, io::AsyncWriteExt};
use tracing::{Instrument, info_span};

use crate::s3::{self, CHECKSUM, S3};

/// Objects of an S3 bucket fetched at once
#[derive(clap::Args)]
pub struct Args {
    /// Keys
    #[arg(default_values = ["file1.txt", "file2.txt", "file3.txt"])]
    keys: Vec<String>,
    /// So many objects that the local bucket makes
    #[arg(long, conflicts_with_all = ["keys", "endpoint"], value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    count: Option<u32>,
    /// Bytes of each of them
    #[arg(long, default_value = "16384", requires = "count")]
    size: u64,
    /// The folder for the files [default: the current one]
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
    #[command(flatten)]
    s3: s3::Connection,
}

pub fn run(mut args: Args) -> Result<()> {
    if let Some(count) = args.count {
        args.keys = (1..=count).map(|n| format!("made/{}/file{n}.txt", args.size)).collect();
    }
    let folder = args.into.unwrap_or_default();
    let names = s3::distinct_names(&args.keys)?;
    let files = names.iter().map(|name| folder.join(format!("downloaded_{name}")));
    let jobs: Vec<_> = args.keys.iter().cloned().zip(files).collect();
    let total = jobs.len();
    let s3 = Arc::new(S3::new(args.s3)?);
    let completed = s3::transfer(&s3, jobs, download_file)?;
    for file in &completed {
        println!("Completed download: {}", file.display());
    }
    ensure!(completed.len() == total, "{} of {total} downloads failed", total - completed.len());
    Ok(())
}

async fn download_file(s3: Arc<S3>, (key, file): (String, PathBuf)) -> Result<PathBuf> {
    let bucket = &s3.bucket;
    let span = info_span!("download", key);
    s3.say(format_args!("Downloading {key} from {bucket}"));
    s3::unless_interrupted(download(&s3, &key, &file))
        .instrument(span)
        .await
        .with_context(|| format!("cannot download {key} from {bucket}"))?;
    s3.say(format_args!("Downloaded {key} from {bucket} to {}", file.display()));
    Ok(file)
}

async fn download(s3: &S3, key: &str, file: &Path) -> Result<()> {
    let object = s3.store.get(&object_store::path::Path::parse(key)?).await.map_err(cause)?;
    let (meta, checksum) = (object.meta.clone(), object.attributes.get(&CHECKSUM).cloned());
    s3.progress.inc_length(meta.size);
    let cannot_write = || format!("cannot write {}", file.display());
    let aside = aside(file).with_context(cannot_write)?;
    let mut writer = File::from_std(aside.reopen()?);
    let (mut received, mut digest) = (0, Digest::new(CrcAlgorithm::Crc64Nvme));
    let mut chunks = object.into_stream();
    while let Some(chunk) = chunks.next().await {
        if chunk.is_err() && s3.store.head(&meta.location).await?.e_tag != meta.e_tag {
            bail!("the object changed after {received} bytes had come");
        }
        let came = || format!("{received} of {} bytes came", meta.size);
        let chunk = chunk.map_err(cause).with_context(came)?;
        received += chunk.len() as u64;
        digest.update(&chunk);
        writer.write_all(&chunk).await.with_context(cannot_write)?;
        s3.progress.inc(chunk.len() as u64);
    }
    writer.flush().await.with_context(cannot_write)?;
    ensure!(received == meta.size, "{received} of {} bytes came", meta.size);
    if let Some(checksum) = checksum {
        ensure!(*checksum == *s3::hex(&digest), "its bytes do not agree with its checksum");
    }
    aside.persist(file).with_context(cannot_write)?;
    Ok(())
}

/// A file without its name yet, where it will have it; gone if it is dropped before.
fn aside(file: &Path) -> io::Result<NamedTempFile> {
    let folder = file.parent().filter(|folder| *folder != "").unwrap_or(Path::new("."));
    tempfile::Builder::new().permissions(Permissions::from_mode(0o666)).tempfile_in(folder)
}
