//! Three ways for threads to count together.

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use dashmap::DashMap;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rustc_hash::FxBuildHasher;

use super::{chunk::Chunk, counts::Counts};

/// How threads keep their counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Variant {
    /// Each thread a map of its own; the maps are merged at the end
    Merged,
    /// One map that is many inside, each with a lock
    Dashmap,
    /// One map, one lock
    Mutex,
}

impl Variant {
    /// The counts of all chunks, by the threads of the current rayon pool.
    pub fn count(self, chunks: &[Chunk]) -> Result<Counts> {
        match self {
            Self::Merged => merged(chunks),
            Self::Dashmap => dashmap(chunks),
            Self::Mutex => mutex(chunks),
        }
    }
}

fn merged(chunks: &[Chunk]) -> Result<Counts> {
    chunks
        .par_iter()
        .try_fold(Counts::default, |mut counts, chunk| {
            chunk.each_word(|word| counts.add(word, 1))?;
            Ok(counts)
        })
        .try_reduce(Counts::default, |one, other| Ok(one.merge(other)))
}

fn dashmap(chunks: &[Chunk]) -> Result<Counts> {
    let counts = DashMap::<Box<[u8]>, u64, _>::with_hasher(FxBuildHasher);
    let add = |word: &[u8]| match counts.get_mut(word) {
        Some(mut count) => *count += 1,
        None => *counts.entry(word.into()).or_default() += 1,
    };
    chunks.par_iter().try_for_each(|chunk| chunk.each_word(add))?;
    Ok(Counts { words: counts.into_iter().collect() })
}

fn mutex(chunks: &[Chunk]) -> Result<Counts> {
    let counts = Mutex::new(Counts::default());
    let add = |word: &[u8]| counts.lock().unwrap_or_else(PoisonError::into_inner).add(word, 1);
    chunks.par_iter().try_for_each(|chunk| chunk.each_word(add))?;
    Ok(counts.into_inner().unwrap_or_else(PoisonError::into_inner))
}
