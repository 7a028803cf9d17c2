//! A chunk: the unit of work, the same wherever it is done.

use std::{cell::RefCell, ops::Range};

use anyhow::{Error, Result, anyhow, ensure};
use serde::{Deserialize, Serialize};
use tracing::info_span;

use crate::{
    source::Source,
    word::{LONGEST, Word, each_word, is_space},
};

/// What is read behind a chunk's end, for the rest of its last word.
const BEHIND: u64 = 4096;

/// A part of a source: the words that begin from byte `begin` to before byte `end`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Chunk {
    pub(crate) source: Source,
    pub(crate) begin: u64,
    pub(crate) end: u64,
}

thread_local! {
    /// The chunk that a thread is at, in the same memory as the one before.
    static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Chunk {
    /// Its length; its last word may go on beyond.
    pub fn bytes(&self) -> u64 {
        self.end - self.begin
    }

    /// Calls `each` with the words that begin in this chunk, in their order.
    ///
    /// # Errors
    /// If it cannot be read, has changed its length, or a word is longer than [`LONGEST`].
    pub fn each_word(&self, each: impl FnMut(Word)) -> Result<()> {
        let _span = info_span!("chunk", source = %self.source, begin = self.begin).entered();
        let is_chunk = self.begin < self.end && self.end <= self.source.length;
        ensure!(is_chunk, "{}: there is no chunk from {} to {}", self.source, self.begin, self.end);
        TEXT.with_borrow_mut(|text| {
            let words = self.read(text)?;
            let first = words.start;
            each_word(&text[words], each).map_err(|at| self.too_long(first + at))
        })
    }

    /// Reads the chunk from the byte before it to the end of its last word, and says where in `text`
    /// the words are that begin in it.
    fn read(&self, text: &mut Vec<u8>) -> Result<Range<usize>> {
        text.clear();
        self.source.read(self.from()..self.end.saturating_add(BEHIND), text)?;
        let end = (self.end - self.from()) as usize;
        // The byte before tells whether a word begins with the chunk or goes on in it.
        let first = if self.begin == 0 { Some(0) } else { text[..end].iter().position(is_space) };
        let Some(first) = first else { return Ok(0..0) };
        let mut seen = end - 1;
        loop {
            if let Some(space) = text[seen..].iter().position(is_space) {
                return Ok(first..seen + space);
            }
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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use lab::in_time;

    use super::*;
    use crate::source::Place;

    fn chunks(text: &[u8], size: usize) -> Result<(tempfile::NamedTempFile, Vec<Chunk>)> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(text)?;
        let source = Source { place: Place::File(file.path().into()), length: text.len() as u64 };
        let chunk = |begin: usize| Chunk {
            source: source.clone(),
            begin: begin as u64,
            end: (begin + size).min(text.len()) as u64,
        };
        Ok((file, (0..text.len()).step_by(size).map(chunk).collect()))
    }

    /// Together and in their order, the chunks have the words of the whole.
    fn assert_whole(text: &[u8], size: usize) -> Result<()> {
        let (_file, chunks) = chunks(text, size)?;
        assert_eq!(chunks.iter().map(Chunk::bytes).sum::<u64>(), text.len() as u64);
        let mut words = Vec::new();
        for chunk in &chunks {
            chunk.each_word(|word| words.push(word))?;
        }
        let whole = text.split(is_space).filter(|word| !word.is_empty());
        assert!(words.iter().map(Word::bytes).eq(whole), "chunks of {size} of {text:?}");
        Ok(())
    }

    #[test]
    fn chunks_of_any_size_have_the_words_of_the_whole() -> Result<()> {
        in_time(|| {
            const BYTES: &[u8] = b"abcdefgh\xff\0\xc3\xa9  \n\t\x0b";
            let mut state = 7_u32;
            let mut texts: Vec<Vec<u8>> =
                [&b" "[..], b"a", b"a ", b" a", b" \n ", b"two words"].map(<[u8]>::to_vec).into();
            for length in 1..30 {
                let mut byte = |_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    BYTES[(state >> 16) as usize % BYTES.len()]
                };
                texts.push((0..length).map(&mut byte).collect());
            }
            for text in texts {
                (1..=text.len() + 1).try_for_each(|size| assert_whole(&text, size))?;
            }
            Ok(())
        })
    }

    #[test]
    fn a_word_may_go_on_through_many_chunks() -> Result<()> {
        in_time(|| {
            for length in [BEHIND as usize - 1, BEHIND as usize, 3 * BEHIND as usize + 5] {
                let text =
                    [b"a ", &vec![b'x'; length][..], b" b ", &vec![b'y'; length], b"\n"].concat();
                for size in [1000, 4095, 4096, 4097, 1 << 20] {
                    assert_whole(&text, size)?;
                }
            }
            Ok(())
        })
    }

    #[test]
    fn too_long_a_word_is_named_by_the_chunk_in_which_it_begins() -> Result<()> {
        in_time(|| {
            for (length, fits) in [(LONGEST, true), (LONGEST + 1, false), (3 * LONGEST, false)] {
                let text = [b"before ", &vec![b'x'; length][..]].concat();
                for size in [100_000, 1 << 20, 8 << 20] {
                    let (file, chunks) = chunks(&text, size)?;
                    let (first, others) = chunks.split_first().expect("there is text");
                    let counted = first.each_word(drop).map_err(|error| error.to_string());
                    let text = format!("{}: the word at byte 7 is longer", file.path().display());
                    assert_eq!(counted.is_ok(), fits, "{length} in chunks of {size}");
                    assert!(fits || counted.is_err_and(|error| error.starts_with(&text)));
                    others.iter().try_for_each(|chunk| chunk.each_word(|_| panic!("a word")))?;
                }
            }
            Ok(())
        })
    }

    #[test]
    fn a_file_that_changes_its_length_is_named() -> Result<()> {
        in_time(|| {
            let (file, chunks) = chunks(b"one two three", 4)?;
            for length in [12, 14] {
                file.as_file().set_len(length)?;
                let error = chunks[1].each_word(drop).expect_err("it has changed");
                let text = format!(
                    "cannot read {}: it had 13 bytes and has {length} now",
                    file.path().display()
                );
                assert!(format!("{error:#}").starts_with(&text), "{error:#}");
            }
            Ok(())
        })
    }

    #[test]
    fn no_chunk_is_read_that_is_empty_or_goes_beyond_the_end() -> Result<()> {
        in_time(|| {
            let (_file, mut chunks) = chunks(b"one two three", 13)?;
            let mut is_one = |begin, end| {
                (chunks[0].begin, chunks[0].end) = (begin, end);
                chunks[0].each_word(drop).is_ok()
            };
            assert!(is_one(4, 13) && is_one(12, 13));
            assert!(!is_one(4, 14) && !is_one(4, 4) && !is_one(5, 4));
            Ok(())
        })
    }

    /// A chunk, and behind it what is needed of a word that may be longer than any.
    #[test]
    fn no_more_is_in_memory_than_a_chunk_and_a_word() -> Result<()> {
        in_time(|| {
            let behind = 3 * BEHIND as usize;
            for (word, fits) in [(3, true), (10_000, true), (3 * LONGEST, false)] {
                let text = [b"a ", &vec![b'x'; word][..], &b" b".repeat(50_000)].concat();
                let (_file, chunks) = chunks(&text, 10)?;
                let mut text = Vec::new();
                assert_eq!(chunks[0].read(&mut text).is_ok(), fits);
                let length = text.len();
                assert!(length < word.min(LONGEST) + behind, "{length} bytes for a word of {word}");
            }
            Ok(())
        })
    }
}
