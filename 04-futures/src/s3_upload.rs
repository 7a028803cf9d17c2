//! Files sent at once to S3.
//!
//! Ports: introduction section 12
//! Python → Rust: `s3.upload_fileobj` → `fs::read`, `AmazonS3::put` · `executor.submit` → `JoinSet::spawn` ·
//! `as_completed` → `JoinSet::join_all`
//!
//! A clone of the client is one more pointer to it, so each task has one of its own. `put` signs the request together
//! with the SHA-256 of the content: S3 refuses what does not arrive as it was sent. A file is in memory as a whole;
//! for large ones, and for those that fail, see `many-uploads`.
//!
//! Run: `cargo 04-futures s3-upload README.md`, and with an S3 of yours as `s3-download`
//! The order of the lines may vary.

use std::path::PathBuf;

use anyhow::{Context, Result};
use lab::s3::{Connection, cause};
use object_store::{ObjectStoreExt, aws::AmazonS3, path::Path};
use tokio::{fs, task::JoinSet};
use tracing::instrument;

#[instrument(skip_all, fields(file = %file.display()))]
async fn upload_file(s3: AmazonS3, bucket: String, file: PathBuf) -> Result<String> {
    let name = file.file_name().context("a file without a name")?.display();
    let key = format!("uploaded_{name}");
    println!("Uploading {name} to {bucket}/{key}");
    let content = fs::read(&file).await.with_context(|| name.to_string())?;
    let put = s3.put(&Path::parse(&key)?, content.into()).await;
    put.map_err(cause).with_context(|| key.clone())?;
    println!("Uploaded {name} to {bucket}/{key}");
    Ok(key)
}

/// Files sent at once to an S3 bucket
#[derive(clap::Args)]
pub struct Args {
    /// Files [default: file1.txt to file3.txt, generated]
    files: Vec<PathBuf>,
    #[command(flatten)]
    s3: Connection,
}

#[tokio::main(flavor = "current_thread")]
pub async fn run(mut args: Args) -> Result<()> {
    if args.files.is_empty() {
        args.files = lab::text::files(3)?;
    }
    let (s3, _local) = args.s3.client()?;
    let mut futures = JoinSet::new();
    for file in args.files {
        futures.spawn(upload_file(s3.clone(), args.s3.bucket.clone(), file));
    }
    for key in futures.join_all().await {
        println!("Completed upload: {}", key?);
    }
    Ok(())
}
