//! The file that is uploaded.

use std::{
    fs::File,
    io::{self, Read, Seek},
    path::Path,
};

use crc_fast::{CrcAlgorithm, Digest};
use object_store::PutPayload;

/// S3 takes parts of 5 MiB and more, and at most 10,000 of them.
const PART: u64 = 5 << 20;
const PARTS: u64 = 10_000;

/// A file, and the checksum of what has been read of it.
pub struct Source {
    file: File,
    pub length: u64,
    part: u64,
    pub digest: Digest,
}

impl Source {
    /// Reads the file once, for its checksum; of a small one the bytes are kept.
    pub fn open(path: &Path) -> io::Result<(Self, Option<PutPayload>)> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let part = PART.max(length.div_ceil(PARTS));
        let mut source = Self { file, length, part, digest: Digest::new(CrcAlgorithm::Crc64Nvme) };
        let bytes = source.read()?;
        if (bytes.content_length() as u64) < part {
            return Ok((source, Some(bytes)));
        }
        while source.read()?.content_length() > 0 {}
        source.file.rewind()?;
        Ok((source, None))
    }

    /// A part from where the file is, fewer bytes only at its end.
    pub fn read(&mut self) -> io::Result<PutPayload> {
        let mut bytes = Vec::with_capacity(self.length.min(self.part) as usize);
        (&self.file).take(self.part).read_to_end(&mut bytes)?;
        self.digest.update(&bytes);
        Ok(bytes.into())
    }
}
