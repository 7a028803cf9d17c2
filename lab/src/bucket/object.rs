//! What one object is, how it is received and how it is sent.
//!
//! What is put lies in memory if it is small: to make a file would take longer than all the rest of its request. Larger
//! things lie in files without a name, which are gone with this process however it ends. They are written and read with no
//! detour by other threads: all of it is in the system's cache.

use std::{
    io::{self, Read, Write},
    ops::Range,
    os::unix::fs::FileExt,
    sync::Arc,
};

use axum::body::Bytes;
use crc_fast::{CrcAlgorithm, Digest};
use futures_util::{StreamExt, stream};
use s3s::{
    S3Error, S3Result,
    dto::{Metadata, StreamingBlob},
    s3_error,
};
use tempfile::{SpooledData, SpooledTempFile, spooled_tempfile};

use super::made;

/// How many bytes of an object lie in memory at the most.
const IN_MEMORY: usize = 256 << 10;

/// How much of a file is sent at a time.
const PIECE: u64 = 256 << 10;

#[derive(Clone)]
pub(super) struct Object {
    pub(super) content: Content,
    pub(super) size: u64,
    pub(super) e_tag: String,
    pub(super) metadata: Option<Metadata>,
    /// Whether the connection ends after half of what is asked for.
    pub(super) is_cut: bool,
}

#[derive(Clone)]
pub(super) enum Content {
    Parts(Arc<[Part]>),
    Made,
}

/// Bytes that were put, and their checksum.
pub(super) struct Part {
    data: SpooledData,
    pub(super) size: u64,
    digest: Digest,
}

impl Part {
    pub(super) fn e_tag(&self) -> String {
        format!("{:016x}", self.digest.finalize())
    }

    fn read_exact_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        match &self.data {
            SpooledData::InMemory(data) => (&data.get_ref()[offset as usize..]).read_exact(bytes),
            SpooledData::OnDisk(file) => file.read_exact_at(bytes, offset),
        }
    }
}

/// A part of which more may come.
pub(super) struct Incoming {
    file: SpooledTempFile,
    digest: Digest,
}

impl Incoming {
    pub(super) fn new() -> Self {
        let digest = Digest::new(CrcAlgorithm::Crc64Nvme);
        Self { file: spooled_tempfile(IN_MEMORY), digest }
    }

    pub(super) fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.file.write_all(bytes)
    }

    pub(super) fn complete(self) -> Part {
        let (data, digest) = (self.file.into_inner(), self.digest);
        Part { data, size: digest.get_amount(), digest }
    }
}

pub(super) async fn receive(body: Option<StreamingBlob>) -> S3Result<Part> {
    let mut incoming = Incoming::new();
    let mut body = body.ok_or_else(|| s3_error!(IncompleteBody))?;
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(|_| s3_error!(IncompleteBody))?;
        incoming.add(&bytes).map_err(S3Error::internal_error)?;
    }
    Ok(incoming.complete())
}

impl Object {
    /// The bytes of `range`, or half of them and then the end of the connection.
    pub(super) fn body(self, range: Range<u64>) -> StreamingBlob {
        let is_cut = self.is_cut;
        let end = if is_cut { range.start.midpoint(range.end) } else { range.end };
        let object = Arc::new(self);
        let pieces = stream::unfold(range.start, move |offset| {
            let object = Arc::clone(&object);
            async move {
                let piece = (offset < end).then(|| object.piece(offset..end))?;
                let next = offset + piece.as_ref().map_or(0, |piece| piece.len() as u64);
                Some((piece, next))
            }
        });
        let cut_off = stream::iter(is_cut.then_some(())).then(async |()| {
            // While this waits, hyper sends what it has; else the error would overtake it.
            tokio::task::yield_now().await;
            Err(io::Error::from(io::ErrorKind::ConnectionAborted))
        });
        StreamingBlob::wrap(pieces.chain(cut_off))
    }

    /// Bytes at the beginning of `range`: not all, but at least one.
    fn piece(&self, range: Range<u64>) -> io::Result<Bytes> {
        let Content::Parts(parts) = &self.content else { return Ok(made::piece(range)) };
        let mut offset = range.start;
        for part in parts.iter() {
            if offset < part.size {
                let length = (part.size - offset).min(range.end - range.start).min(PIECE);
                let mut bytes = vec![0; length as usize];
                part.read_exact_at(&mut bytes, offset)?;
                return Ok(bytes.into());
            }
            offset -= part.size;
        }
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}
