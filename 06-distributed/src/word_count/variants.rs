//! Three ways for threads to count together.

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use dashmap::DashMap;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rustc_hash::FxBuildHasher;

use super::{
    chunk::Chunk,
    counts::{Counts, Map},
    spill::Spill,
};

/// How threads keep their counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Variant {
    /// Each thread in maps of its own, which are merged; the only one whose memory is bounded
    Merged,
    /// All in one map that is many inside, each with a lock
    Dashmap,
    /// All in one map with one lock
    Mutex,
}

impl Variant {
    /// The counts of all chunks, by the threads of the current rayon pool.
    ///
    /// # Errors
    /// If a chunk cannot be read, or counts cannot be written to `spill`.
    pub fn count(self, chunks: &[Chunk], spill: &Spill) -> Result<Counts> {
        match self {
            Self::Merged => merged(chunks, spill),
            Self::Dashmap => dashmap(chunks),
            Self::Mutex => mutex(chunks),
        }
    }
}

fn merged(chunks: &[Chunk], spill: &Spill) -> Result<Counts> {
    chunks
        .par_iter()
        .try_fold(Counts::default, |mut counts, chunk| {
            chunk.each_word(|word| counts.add(word, 1))?;
            spill.relieve(counts)
        })
        .try_reduce(Counts::default, |one, other| spill.relieve(one.merge(other)))
}

fn dashmap(chunks: &[Chunk]) -> Result<Counts> {
    let counts = DashMap::with_hasher(FxBuildHasher);
    let add = |word| *counts.entry(word).or_default() += 1;
    chunks.par_iter().try_for_each(|chunk| chunk.each_word(add))?;
    Ok(counts.into_iter().collect::<Map>().into())
}

fn mutex(chunks: &[Chunk]) -> Result<Counts> {
    let counts = Mutex::new(Counts::default());
    let add = |word| counts.lock().unwrap_or_else(PoisonError::into_inner).add(word, 1);
    chunks.par_iter().try_for_each(|chunk| chunk.each_word(add))?;
    Ok(counts.into_inner().unwrap_or_else(PoisonError::into_inner))
}
