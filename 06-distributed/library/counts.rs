//! How often each word came.

use std::{
    collections::{HashMap, hash_map::Entry},
    io::{self, BufRead},
    mem,
};

use rustc_hash::FxBuildHasher;

use crate::word::{LONGEST, Word};

/// How often each word came: a hash map, with a hash that is fast on short keys. That of std withstands keys that
/// someone chose to make it slow.
#[derive(Debug, Default)]
pub struct Counts {
    map: HashMap<Word, u64, FxBuildHasher>,
    /// Bytes that long words have beside the map.
    long: usize,
}

impl Counts {
    /// The word came so many times more.
    pub fn add(&mut self, word: Word, times: u64) {
        match self.map.entry(word) {
            Entry::Occupied(mut count) => {
                *count.get_mut() = count.get().saturating_add(times);
            }
            Entry::Vacant(new) => {
                if let Word::Long(bytes) = new.key() {
                    self.long += bytes.len();
                }
                new.insert(times);
            }
        }
    }

    /// Both together.
    pub fn merge(mut self, mut other: Self) -> Self {
        if self.map.len() < other.map.len() {
            mem::swap(&mut self, &mut other);
        }
        other.map.into_iter().for_each(|(word, times)| self.add(word, times));
        self
    }

    /// About how many bytes of memory it has.
    pub fn memory(&self) -> usize {
        self.map.capacity() * size_of::<(Word, u64)>() + self.long
    }

    /// All of it as bytes, in the order of the words: what goes to another process, or to a file.
    pub fn encode(self) -> Vec<u8> {
        let mut entries: Vec<_> = self.map.into_iter().collect();
        entries.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        let mut bytes = Vec::with_capacity(entries.len() * 12);
        for (word, times) in entries {
            put(word.bytes().len() as u64, &mut bytes);
            bytes.extend_from_slice(word.bytes());
            put(times, &mut bytes);
        }
        bytes
    }

    /// Adds what [`encode`](Self::encode) made of others.
    ///
    /// # Errors
    /// If it made something else.
    pub fn add_encoded(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while let Some((word, times)) = next(&mut bytes)? {
            self.add(word, times);
        }
        Ok(())
    }
}

impl IntoIterator for Counts {
    type Item = (Word, u64);
    type IntoIter = std::collections::hash_map::IntoIter<Word, u64>;

    fn into_iter(self) -> Self::IntoIter {
        self.map.into_iter()
    }
}

/// The next word and its count of what [`Counts::encode`] made; `None` at its end.
pub fn next(input: &mut impl BufRead) -> io::Result<Option<(Word, u64)>> {
    if input.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let length = take(input)? as usize;
    if length > LONGEST {
        return Err(io::Error::other("a longer word than there are"));
    }
    let word = if let Some(bytes) = input.fill_buf()?.get(..length) {
        let word = Word::new(bytes);
        input.consume(length);
        word
    } else {
        let mut bytes = vec![0; length];
        input.read_exact(&mut bytes)?;
        Word::new(&bytes)
    };
    Ok(Some((word, take(input)?)))
}

/// A number in as few bytes as it needs, seven bits in each, the lowest first (LEB128).
fn put(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(input: &mut impl BufRead) -> io::Result<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let mut byte = [0];
        input.read_exact(&mut byte)?;
        number |= u64::from(byte[0] & 0x7f) << shift;
        if byte[0] < 0x80 {
            return Ok(number);
        }
    }
    Err(io::Error::other("a number of more than 64 bits"))
}

#[cfg(test)]
mod tests {
    use lab::in_time;

    use super::*;

    fn counts(words: &[(&[u8], u64)]) -> Counts {
        let mut counts = Counts::default();
        words.iter().for_each(|(word, times)| counts.add(Word::new(word), *times));
        counts
    }

    #[test]
    fn both_together_have_the_words_of_each() {
        let few: &[(&[u8], u64)] = &[(b"a", 1), (b"b", 20)];
        let many: &[(&[u8], u64)] = &[(b"b", 3), (b"c", 4), (b"d", u64::MAX)];
        let expected = [("a", 1), ("b", 23), ("c", 4), ("d", u64::MAX)]
            .map(|(word, times)| (Word::new(word.as_bytes()), times));
        for (one, other) in [(few, many), (many, few)] {
            let mut both: Vec<_> = counts(one).merge(counts(other)).into_iter().collect();
            both.sort_unstable();
            assert_eq!(both, expected);
        }
        // It cannot be counted further.
        let most: Vec<_> = counts(many).merge(counts(&[(b"d", 1)])).into_iter().collect();
        assert!(most.contains(&expected[3]), "{most:?}");
    }

    #[test]
    fn its_memory_is_that_of_the_map_and_of_its_long_words() {
        let memory = |length: usize| {
            let mut counts = Counts::default();
            for number in (0..1000).chain(0..1000) {
                counts.add(Word::new(format!("{number:0length$}").as_bytes()), 1);
            }
            counts.memory()
        };
        let (entry, short) = (size_of::<(Word, u64)>(), memory(10));
        assert!((1000 * entry..3000 * entry).contains(&short), "{short}");
        assert_eq!(memory(100), short + 1000 * 100);
    }

    #[test]
    fn a_word_travels_that_is_as_long_as_any_may_be_and_no_longer_one() {
        let travelled = |length| {
            let mut counts = Counts::default();
            counts.add(Word::new(&vec![b'x'; length]), 128);
            let mut read = Counts::default();
            in_time(move || {
                read.add_encoded(&counts.encode()).map(|()| read.into_iter().collect::<Vec<_>>())
            })
        };
        let word = travelled(LONGEST).expect("it may be as long");
        assert!(word == [(Word::new(&vec![b'x'; LONGEST]), 128)]);
        assert!(travelled(LONGEST + 1).is_err());
    }

    #[test]
    fn a_number_of_more_than_64_bits_is_refused() {
        let added = in_time(|| Counts::default().add_encoded(&[0xff; 11]));
        let error = added.expect_err("it is too large");
        assert_eq!(error.to_string(), "a number of more than 64 bits");
    }
}
