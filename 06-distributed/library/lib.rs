//! Counting the words of text that no memory holds, in parts that need nothing of each other.
//!
//! What a Dask user knows:
//!
//! | Python | here |
//! |---|---|
//! | `db.read_bytes(paths, blocksize=…)`, a block | [`chunks`], a [`Chunk`] |
//! | `text.split()` | [`Chunk::each_word`], a [`Word`] |
//! | `Counter`, `update` | [`Counts`], [`add`](Counts::add), [`merge`](Counts::merge) |
//! | a `Counter` that is pickled | [`Counts::encode`], [`Counts::add_encoded`] |
//! | a worker that spills to disk | [`Spill`] |
//! | `most_common` | [`Summary`] |
//!
//! The words that this library has of its own:
//!
//! - A *source* is a file or an object of an S3. A *chunk* is a part of it, and has the words that begin in it: so
//!   chunks of any size, counted in any order, on any thread, process or host, have each word once.
//! - A *share* is some chunks that are next to each other: what a process gets at a time.
//! - A *run* is a map that grew too large, written to the [`Spill`]'s file in the order of its words; runs are merged
//!   as they are read back.
//!
//! A word is what stands between ASCII white space, whatever its bytes.
//!
//! Nothing here starts a thread for counting: who uses it has the threads, the processes or the cluster.
//!
//! ```
//! use counting::{Counts, Spill, Summary};
//!
//! # fn main() -> anyhow::Result<()> {
//! let file = lab::text::file(100_000)?.display().to_string();
//! let (mut counts, spill) = (Counts::default(), Spill::new(1));
//! for chunk in counting::chunks(&[file], None, 4096)? {
//!     chunk.each_word(|word| counts.add(word, 1))?;
//!     counts = spill.relieve(counts)?;
//! }
//! Summary::of(spill.merge(counts)?, 10)?.print(100_000);
//! # Ok(())
//! # }
//! ```
//!
//! From the ground up: words; their counts, the spilling of counts and their summary; sources of text, chunks of
//! sources, and the cutting.

mod chunk;
mod counts;
#[cfg(test)]
mod hostile;
mod input;
mod object;
mod source;
mod spill;
mod summary;
mod word;

pub use chunk::Chunk;
pub use counts::Counts;
pub use input::{chunks, shares};
pub use spill::{Entries, MEMORY, Spill};
pub use summary::Summary;
pub use word::{LONGEST, Word};
