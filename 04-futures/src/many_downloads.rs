//! Many objects fetched from S3, or few large ones: each is there whole and unharmed, or not at all.
//!
//! Extends: s3-download
//! Python → Rust: `max_workers` → so many tasks in a `JoinSet` · `download_file` → `get`, and the loop that
//! `download_file` has inside
//!
//! Whatever the size of the object, only the chunk at hand is in memory. It goes to a file that has no name until all
//! is there and agrees with the length and, where the object has one, the checksum: nothing half-done is left, however
//! the program ends. A connection that is cut is taken up again where it ended, if the object is still the same.
//!
//! Run: `cargo 04-futures many-downloads --count 1000`; see it fail: `... file1.txt cut/65536/x corrupt/65536/y`
//! The order of the lines may vary.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use crc_fast::{CrcAlgorithm, Digest};
use futures_util::StreamExt;
use lab::{aside::Aside, s3::cause};
use object_store::ObjectStoreExt;
use tokio::{fs::File, io::AsyncWriteExt};
use tracing::{Instrument, info_span};

use crate::s3::{CHECKSUM, S3, Transfers, hex};
use crate::transfer::{distinct_names, transfer};

async fn download_file(s3: Arc<S3>, (key, file): (String, PathBuf)) -> Result<String> {
    let bucket = &s3.bucket;
    s3.say(format_args!("Downloading {key} from {bucket}"));
    s3.unless_interrupted(download(&s3, &key, &file))
        .instrument(info_span!("download", key))
        .await
        .with_context(|| format!("cannot download {key} from {bucket}"))?;
    let file = file.display().to_string();
    s3.say(format_args!("Downloaded {key} from {bucket} to {file}"));
    Ok(file)
}

async fn download(s3: &S3, key: &str, file: &Path) -> Result<()> {
    let object = s3.store.get(&object_store::path::Path::parse(key)?).await.map_err(cause)?;
    let (meta, checksum) = (object.meta.clone(), object.attributes.get(&CHECKSUM).cloned());
    s3.progress.inc_length(meta.size);
    let cannot_write = || format!("cannot write {}", file.display());
    let aside = Aside::new(file).with_context(cannot_write)?;
    let mut writer = File::from_std(aside.file().try_clone()?);
    let (mut received, mut digest) = (0, Digest::new(CrcAlgorithm::Crc64Nvme));
    let mut chunks = object.into_stream();
    while let Some(chunk) = chunks.next().await {
        if chunk.is_err()
            && let Ok(now) = s3.store.head(&meta.location).await
            && now.e_tag != meta.e_tag
        {
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
        ensure!(*checksum == *hex(&digest), "its bytes do not agree with its checksum");
    }
    aside.persist().with_context(cannot_write)
}

/// Many objects of an S3 bucket, some at once
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
    s3: Transfers,
}

pub fn run(mut args: Args) -> Result<()> {
    if let Some(count) = args.count {
        args.keys = (1..=count).map(|n| format!("made/{}/file{n}.txt", args.size)).collect();
    }
    let folder = args.into.unwrap_or_default();
    let mut jobs = Vec::new();
    for (key, name) in args.keys.iter().zip(distinct_names(&args.keys)?) {
        jobs.push((key.clone(), folder.join(format!("downloaded_{name}"))));
    }
    transfer(args.s3, "download", jobs, download_file)
}
