//! More words than memory should hold: maps that have grown large go to a file, each in the order
//! of its words, and are merged as they are read back, a few bytes of each at a time.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    iter,
    os::unix::fs::FileExt,
    sync::Arc,
};

use anyhow::{Context, Result};
use itertools::Itertools;
use parking_lot::Mutex;

use crate::{
    counts::{Counts, next},
    word::Word,
};

/// Bytes that all maps of a process may have together, and the buffers when they are merged.
pub const MEMORY: usize = 64 << 20;

/// Words with their counts, each once.
pub type Entries = Box<dyn Iterator<Item = Result<(Word, u64)>>>;

/// The file, which has no name and is gone with this process, and where in it maps are.
pub struct Spill {
    limit: usize,
    runs: Mutex<Runs>,
}

#[derive(Default)]
struct Runs {
    file: Option<Arc<File>>,
    ends: Vec<u64>,
}

impl Spill {
    /// For so many maps that grow at the same time.
    pub fn new(maps: usize) -> Self {
        // Less would not hold the words of a language.
        Self { limit: (MEMORY / maps.max(1)).max(8 << 20), runs: Mutex::default() }
    }

    /// `counts` as they are, or none if they were large and are in the file now.
    ///
    /// # Errors
    /// If the file cannot be made or written.
    pub fn relieve(&self, counts: Counts) -> Result<Counts> {
        if counts.memory() <= self.limit {
            return Ok(counts);
        }
        self.append(&counts.encode())?;
        Ok(Counts::default())
    }

    /// `counts` with what [`Counts::encode`] made of others, which goes to the file if it is large.
    ///
    /// # Errors
    /// As of [`relieve`](Self::relieve).
    pub fn add_encoded(&self, mut counts: Counts, encoded: &[u8]) -> Result<Counts> {
        if encoded.len() > self.limit / 8 {
            self.append(encoded)?;
            return Ok(counts);
        }
        counts.add_encoded(encoded).context("cannot decode counts")?;
        self.relieve(counts)
    }

    /// Writes what [`Counts::encode`] made.
    fn append(&self, bytes: &[u8]) -> Result<()> {
        let mut runs = self.runs.lock();
        let begin = runs.ends.last().copied().unwrap_or(0);
        let mut write = || {
            if runs.file.is_none() {
                runs.file = Some(tempfile::tempfile()?.into());
            }
            runs.file.as_ref().map_or(Ok(()), |file| file.write_all_at(bytes, begin))
        };
        write().context("cannot write counts to a temporary file (its folder: TMPDIR)")?;
        runs.ends.push(begin + bytes.len() as u64);
        Ok(())
    }

    /// Each word once, with its count in the file and in `rest` together.
    ///
    /// # Errors
    /// If the file cannot be written; an item, if it cannot be read.
    pub fn merge(self, rest: Counts) -> Result<Entries> {
        if self.runs.lock().ends.is_empty() {
            return Ok(Box::new(rest.into_iter().map(Ok)));
        }
        self.append(&rest.encode())?;
        let Runs { file, ends } = self.runs.into_inner();
        let file = file.context("there are runs, so there is a file")?;
        let buffer = (MEMORY / ends.len()).clamp(4 << 10, 256 << 10);
        let begins = [0].into_iter().chain(ends.clone());
        let runs = begins.zip(ends).map(|(at, end)| {
            let mut run =
                BufReader::with_capacity(buffer, Part { file: Arc::clone(&file), at, end });
            iter::from_fn(move || next(&mut run).context("cannot read counts back").transpose())
        });
        // An error is the first of all, so that it comes at once.
        let merged = runs.kmerge_by(|one, other| match (one, other) {
            (Ok((word, _)), Ok((other, _))) => word < other,
            (one, _) => one.is_err(),
        });
        Ok(Box::new(merged.coalesce(|one, other| match (one, other) {
            (Ok((word, times)), Ok((same, more))) if word == same => {
                Ok(Ok((word, times.saturating_add(more))))
            }
            both => Err(both),
        })))
    }
}

/// A part of the file.
struct Part {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min((self.end - self.at) as usize);
        let count = self.file.read_at(&mut buffer[..length], self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use lab::in_time;

    use super::*;

    /// Word `number` of them, some of them long.
    fn word(number: u64) -> Word {
        Word::new(number.to_string().repeat(1 + number as usize % 7).as_bytes())
    }

    /// All entries, if there are not more than there may be.
    fn all(spill: Spill, rest: Counts) -> Result<Vec<(Word, u64)>> {
        spill.merge(rest)?.take(10_000).collect()
    }

    #[test]
    fn what_a_map_may_have_is_its_share_of_the_memory() {
        let limits = [0, 1, 2, 3, 100].map(|maps| Spill::new(maps).limit);
        assert_eq!(limits, [MEMORY, MEMORY, MEMORY / 2, MEMORY / 3, 8 << 20]);
    }

    #[test]
    fn encoded_counts_go_to_the_file_if_they_are_large() -> Result<()> {
        in_time(|| {
            for (length, runs) in [(197, 0), (198, 1)] {
                let spill = Spill { limit: 8 * 200, runs: Mutex::default() };
                let mut counts = Counts::default();
                // With two bytes for its length and one for its count.
                counts.add(Word::new(&vec![b'x'; length]), 1);
                let rest = spill.add_encoded(Counts::default(), &counts.encode())?;
                assert_eq!(spill.runs.lock().ends.len(), runs, "{length}");
                assert_eq!(all(spill, rest)?, [(Word::new(&vec![b'x'; length]), 1)]);
            }
            Ok(())
        })
    }

    #[test]
    fn what_went_to_the_file_is_counted_with_the_rest() -> Result<()> {
        in_time(|| {
            for limit in [0, usize::MAX] {
                let spill = Spill { limit, runs: Mutex::default() };
                let mut expected = BTreeMap::new();
                let mut counts = Counts::default();
                for number in 0..5000_u64 {
                    let (word, times) = (word(number * number % 1009), 1 << (number % 40));
                    *expected.entry(word.clone()).or_insert(0) += times;
                    counts.add(word, times);
                    if number % 100 == 0 {
                        counts = spill.relieve(counts)?;
                    }
                }
                let mut others = Counts::default();
                others.add(word(1), 5);
                *expected.entry(word(1)).or_insert(0) += 5;
                counts = spill.add_encoded(counts, &others.encode())?;
                assert_eq!(spill.runs.lock().ends.len(), if limit == 0 { 51 } else { 0 });
                let mut merged = all(spill, counts)?;
                if limit > 0 {
                    merged.sort_unstable();
                }
                assert!(merged.into_iter().eq(expected), "limit {limit}");
            }
            Ok(())
        })
    }

    #[test]
    fn counts_that_no_number_holds_stay_at_the_largest() -> Result<()> {
        in_time(|| {
            for limit in [0, usize::MAX] {
                let spill = Spill { limit, runs: Mutex::default() };
                let mut counts = Counts::default();
                for times in [u64::MAX, 7] {
                    let mut others = Counts::default();
                    others.add(word(1), times);
                    counts = spill.add_encoded(counts, &others.encode())?;
                }
                assert_eq!(all(spill, counts)?, [(word(1), u64::MAX)], "limit {limit}");
            }
            Ok(())
        })
    }
}
