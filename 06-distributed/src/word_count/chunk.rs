//! A chunk: the unit of work, the same wherever it is done.

use std::{cell::RefCell, fmt, fs::File, ops::Range, os::unix::fs::FileExt, path::PathBuf};

use anyhow::{Context, Error, Result, anyhow, ensure};
use serde::{Deserialize, Serialize};
use tracing::info_span;

/// A longer word is an error: it would have to fit into memory.
pub const LONGEST: usize = 1 << 20;

/// What is read behind a chunk's end, for the rest of its last word.
const BEHIND: u64 = 4096;

/// Where text is, and how long it was when the chunks were cut.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Source {
    pub path: PathBuf,
    pub length: u64,
}

/// A part of a source: the words that begin from byte `begin` to before byte `end`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Chunk {
    pub source: Source,
    pub begin: u64,
    pub end: u64,
}

thread_local! {
    /// The chunk that a thread is at, in the same memory as the one before.
    static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Chunk {
    /// Calls `each` with the words that begin in this chunk, in their order.
    ///
    /// # Errors
    /// If it cannot be read, has changed its length, or a word is longer than [`LONGEST`].
    pub fn each_word(&self, mut each: impl FnMut(&[u8])) -> Result<()> {
        let _span = info_span!("chunk", source = %self.source, begin = self.begin).entered();
        TEXT.with_borrow_mut(|text| {
            let words = self.read(text)?;
            for word in text[words].split(is_space).filter(|word| !word.is_empty()) {
                if word.len() > LONGEST {
                    return Err(self.too_long(word.as_ptr().addr() - text.as_ptr().addr()));
                }
                each(word);
            }
            Ok(())
        })
    }

    /// Reads the chunk from the byte before it to the end of its last word, and says where in `text`
    /// the words are that begin in it.
    fn read(&self, text: &mut Vec<u8>) -> Result<Range<usize>> {
        text.clear();
        self.source.read(self.from()..self.end + BEHIND, text)?;
        let end = (self.end - self.from()) as usize;
        // The byte before tells whether a word begins with the chunk or goes on in it.
        let first = if self.begin == 0 { Some(0) } else { text[..end].iter().position(is_space) };
        let Some(first) = first else { return Ok(0..0) };
        let mut seen = end - 1;
        while let None = text[seen..].iter().position(is_space) {
            seen = text.len();
            if seen > end + LONGEST {
                let before = text[..end].iter().rposition(is_space);
                return Err(self.too_long(before.map_or(0, |space| space + 1)));
            }
            let at = self.from() + seen as u64;
            self.source.read(at..at + BEHIND, text)?;
            if text.len() == seen {
                return Ok(first..seen);
            }
        }
        let last = seen + text[seen..].iter().position(is_space).unwrap_or(0);
        Ok(first..last)
    }

    /// The first byte that is read: the one before the chunk, if there is one.
    fn from(&self) -> u64 {
        self.begin.saturating_sub(1)
    }

    fn too_long(&self, begin: usize) -> Error {
        let offset = self.from() + begin as u64;
        anyhow!(
            "{}: the word at byte {offset} is longer than {LONGEST} bytes: is this text?",
            self.source
        )
    }
}

impl Source {
    /// Appends the bytes of that range, as far as there are any.
    fn read(&self, range: Range<u64>, text: &mut Vec<u8>) -> Result<()> {
        let range = range.start..range.end.min(self.length);
        let mut read = || {
            let file = File::open(&self.path)?;
            let length = file.metadata()?.len();
            ensure!(
                length == self.length,
                "it had {} bytes and now has {length}: it changes while it is read",
                self.length
            );
            let before = text.len();
            text.resize(before + (range.end - range.start) as usize, 0);
            Ok(file.read_exact_at(&mut text[before..], range.start)?)
        };
        read().with_context(|| format!("cannot read {self}"))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())
    }
}

/// ASCII white space as C and Python have it; Rust's `is_ascii_whitespace` leaves out the vertical tab.
fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}
