//! Objects fetched at once from S3, each into a file.
//!
//! Ports: introduction section 11
//! Python → Rust: `boto3.client("s3")` → `AmazonS3` of `object_store` · `s3.download_file` → `get`,
//! `aside::write` · `executor.submit` → `JoinSet::spawn` · `as_completed` → `JoinSet::join_all`
//!
//! No thread waits for S3 here: the transfers are tasks on one thread, and while one waits another goes on. A file is there
//! whole or not at all, as boto3 has it. An object is in memory as a whole; for large ones and failures: `many-downloads`.
//!
//! Run: `cargo 04-futures s3-download`, or with an S3 of yours: `s3-download --endpoint URL --bucket B KEY`
//! The order of the lines may vary.

use anyhow::{Context, Result};
use futures_util::TryStreamExt;
use lab::{
    aside,
    s3::{Connection, cause},
};
use object_store::{ObjectStoreExt, aws::AmazonS3, path::Path};
use tokio::task::JoinSet;
use tracing::instrument;

#[instrument(skip_all, fields(%key))]
async fn download_file(s3: AmazonS3, bucket: String, key: String, file: String) -> Result<String> {
    println!("Downloading {key} from {bucket}");
    let object = s3.get(&Path::parse(&key)?).await.map_err(cause).with_context(|| key.clone())?;
    // Not `bytes`, which makes room for whatever length the other side says.
    let chunks: Vec<_> = object.into_stream().try_collect().await?;
    aside::write(&file, chunks.concat())?;
    println!("Downloaded {key} from {bucket} to {file}");
    Ok(file)
}

/// Objects of an S3 bucket fetched at once
#[derive(clap::Args)]
pub struct Args {
    /// Keys
    #[arg(default_values = ["file1.txt", "file2.txt", "file3.txt"])]
    keys: Vec<String>,
    #[command(flatten)]
    s3: Connection,
}

#[tokio::main(flavor = "current_thread")]
pub async fn run(args: Args) -> Result<()> {
    let (s3, _local) = args.s3.client()?;
    let mut futures = JoinSet::new();
    for key in args.keys {
        let file = format!("downloaded_{}", key.replace('/', "_"));
        futures.spawn(download_file(s3.clone(), args.s3.bucket.clone(), key, file));
    }
    for file in futures.join_all().await {
        println!("Completed download: {}", file?);
    }
    Ok(())
}
