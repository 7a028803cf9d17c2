//! The upload of a file: a small one with one request, a large one in parts.

use std::{io, path::Path, time::Duration};

use anyhow::{Result, ensure};
use crc_fast::{CrcAlgorithm, Digest};
use lab::s3::cause;
use object_store::{Attributes, MultipartUpload, ObjectStore, PutPayload, PutPayloadMut};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::{fs::File, task::JoinSet, time::timeout};

use crate::s3::{CHECKSUM, S3, hex};

/// S3 takes parts of 5 MiB and more, and at most 10,000 of them.
const PART: u64 = 5 << 20;
const PARTS: u64 = 10_000;
const PARTS_AT_ONCE: usize = 2;

/// How long S3 has to take back the parts of an upload that failed.
const PATIENCE: Duration = Duration::from_secs(2);

/// An upload in parts that has begun, of a file that has been read once, for its checksum.
struct Upload {
    file: File,
    part: u64,
    digest: Digest,
    parts: Box<dyn MultipartUpload>,
}

pub async fn upload(s3: &S3, path: &Path, key: &str) -> Result<()> {
    let begun = s3.unless_interrupted(send_or_begin(s3, path, key)).await?;
    let Some(mut upload) = begun else { return Ok(()) };
    let sent = s3.unless_interrupted(send_parts(s3, &mut upload)).await;
    if sent.is_err() {
        // If this fails too, the first error is the one to tell.
        let _ = timeout(PATIENCE, upload.parts.abort()).await;
    }
    sent
}

/// Sends the file if it is small; if not, it begins the upload.
async fn send_or_begin(s3: &S3, path: &Path, key: &str) -> Result<Option<Upload>> {
    let key = object_store::path::Path::parse(key)?;
    let mut file = File::open(path).await?;
    let length = file.metadata().await?.len();
    s3.progress.inc_length(length);
    let part = PART.max(length.div_ceil(PARTS));
    let mut digest = Digest::new(CrcAlgorithm::Crc64Nvme);
    let mut bytes = read(&mut file, part, &mut digest).await?;
    if (bytes.content_length() as u64) < part {
        s3.progress.inc(bytes.content_length() as u64);
        let checksum = Attributes::from_iter([(CHECKSUM, hex(&digest))]);
        s3.store.put_opts(&key, bytes, checksum.into()).await.map_err(cause)?;
        return Ok(None);
    }
    while bytes.content_length() > 0 {
        bytes = read(&mut file, part, &mut digest).await?;
    }
    file.rewind().await?;
    let checksum = Attributes::from_iter([(CHECKSUM, hex(&digest))]);
    let parts = s3.store.put_multipart_opts(&key, checksum.into()).await.map_err(cause)?;
    Ok(Some(Upload { file, part, digest, parts }))
}

async fn send_parts(s3: &S3, upload: &mut Upload) -> Result<()> {
    let mut sent = Digest::new(CrcAlgorithm::Crc64Nvme);
    let mut under_way = JoinSet::<object_store::Result<()>>::new();
    loop {
        if under_way.len() == PARTS_AT_ONCE
            && let Some(part) = under_way.join_next().await
        {
            part?.map_err(cause)?;
        }
        let bytes = read(&mut upload.file, upload.part, &mut sent).await?;
        if bytes.content_length() == 0 {
            break;
        }
        s3.progress.inc(bytes.content_length() as u64);
        under_way.spawn(upload.parts.put_part(bytes));
    }
    while let Some(part) = under_way.join_next().await {
        part?.map_err(cause)?;
    }
    ensure!(sent.finalize() == upload.digest.finalize(), "the file changed while it was read");
    upload.parts.complete().await.map_err(cause)?;
    Ok(())
}

/// So many bytes from where the file is, fewer only at its end.
async fn read(file: &mut File, size: u64, digest: &mut Digest) -> io::Result<PutPayload> {
    let (mut file, mut bytes) = (file.take(size), PutPayloadMut::new());
    loop {
        let mut chunk = Vec::with_capacity(1 << 20);
        if file.read_buf(&mut chunk).await? == 0 {
            return Ok(bytes.freeze());
        }
        digest.update(&chunk);
        bytes.push(chunk.into());
    }
}
