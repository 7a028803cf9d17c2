//! The upload of a file: a small one with one request, a large one in parts.

use std::{io, path::Path, time::Duration};

use anyhow::{Result, ensure};
use lab::s3::cause;
use object_store::{Attributes, MultipartUpload, ObjectStore};
use tokio::{
    task::{JoinSet, spawn_blocking},
    time::timeout,
};

use super::source::Source;
use crate::s3::{CHECKSUM, S3, hex};

const PARTS_AT_ONCE: usize = 2;

/// How long S3 has to take back the parts of an upload that failed.
const PATIENCE: Duration = Duration::from_secs(2);

pub async fn upload(s3: &S3, path: &Path, key: &str) -> Result<()> {
    let begun = s3.unless_interrupted(send_or_begin(s3, path, key)).await?;
    let Some((source, mut parts)) = begun else { return Ok(()) };
    let sent = s3.unless_interrupted(send_parts(s3, source, &mut *parts)).await;
    if sent.is_err() {
        // If this fails too, the first error is the one to tell.
        let _ = timeout(PATIENCE, parts.abort()).await;
    }
    sent
}

/// Sends the file if it is small; if not, it begins the upload.
async fn send_or_begin(
    s3: &S3,
    path: &Path,
    key: &str,
) -> Result<Option<(Source, Box<dyn MultipartUpload>)>> {
    let key = object_store::path::Path::parse(key)?;
    let path = path.to_owned();
    // In one go: to hand a small file's opening and reading to a thread each would take longer than to send it.
    let (source, small) = spawn_blocking(move || Source::open(&path)).await??;
    s3.progress.inc_length(source.length);
    let checksum = Attributes::from_iter([(CHECKSUM, hex(&source.digest))]);
    if let Some(bytes) = small {
        s3.progress.inc(bytes.content_length() as u64);
        s3.store.put_opts(&key, bytes, checksum.into()).await.map_err(cause)?;
        return Ok(None);
    }
    let parts = s3.store.put_multipart_opts(&key, checksum.into()).await.map_err(cause)?;
    Ok(Some((source, parts)))
}

async fn send_parts(s3: &S3, mut source: Source, parts: &mut dyn MultipartUpload) -> Result<()> {
    let checksum = source.digest.finalize_reset();
    let mut under_way = JoinSet::<object_store::Result<()>>::new();
    loop {
        if under_way.len() == PARTS_AT_ONCE
            && let Some(part) = under_way.join_next().await
        {
            part?.map_err(cause)?;
        }
        let bytes;
        (source, bytes) = spawn_blocking(move || {
            let bytes = source.read()?;
            io::Result::Ok((source, bytes))
        })
        .await??;
        if bytes.content_length() == 0 {
            break;
        }
        s3.progress.inc(bytes.content_length() as u64);
        under_way.spawn(parts.put_part(bytes));
    }
    while let Some(part) = under_way.join_next().await {
        part?.map_err(cause)?;
    }
    ensure!(source.digest.finalize() == checksum, "the file changed while it was read");
    parts.complete().await.map_err(cause)?;
    Ok(())
}
