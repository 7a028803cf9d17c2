//! The upload of a file: a small one with one request, a large one in parts.

use std::{
    fs::File,
    io::{self, Read, Seek},
    mem,
    path::Path,
    time::Duration,
};

use anyhow::{Result, ensure};
use crc_fast::{CrcAlgorithm, Digest};
use lab::s3::cause;
use object_store::{Attributes, MultipartUpload, ObjectStore, PutPayload};
use tokio::{
    task::{JoinSet, spawn_blocking},
    time::timeout,
};

use crate::s3::{CHECKSUM, S3, hex};

/// S3 takes parts of 5 MiB and more, and at most 10,000 of them.
const PART: u64 = 5 << 20;
const PARTS: u64 = 10_000;
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
    let checksum = mem::replace(&mut source.digest, digest()).finalize();
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

/// A file, and the checksum of what has been read of it.
struct Source {
    file: File,
    length: u64,
    part: u64,
    digest: Digest,
}

impl Source {
    /// Reads the file once, for its checksum; of a small one the bytes are kept.
    fn open(path: &Path) -> io::Result<(Self, Option<PutPayload>)> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let part = PART.max(length.div_ceil(PARTS));
        let mut source = Self { file, length, part, digest: digest() };
        let bytes = source.read()?;
        if (bytes.content_length() as u64) < part {
            return Ok((source, Some(bytes)));
        }
        while source.read()?.content_length() > 0 {}
        source.file.rewind()?;
        Ok((source, None))
    }

    /// A part from where the file is, fewer bytes only at its end.
    fn read(&mut self) -> io::Result<PutPayload> {
        let mut bytes = Vec::with_capacity(self.length.min(self.part) as usize);
        (&self.file).take(self.part).read_to_end(&mut bytes)?;
        self.digest.update(&bytes);
        Ok(bytes.into())
    }
}

fn digest() -> Digest {
    Digest::new(CrcAlgorithm::Crc64Nvme)
}
