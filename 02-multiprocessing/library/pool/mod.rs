//! Worker processes that share out the items of a call.
//!
//! The items of a call are a [`job`]; the [`schedule`] says which of them a worker does next; the [`crew`] sends them
//! there and takes the answers, from which [`results`] are made for the caller.

mod crew;
mod job;
mod results;
mod schedule;

use std::io;
use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, Result};
use crate::pool::crew::Crew;
use crate::pool::job::{Items, Pieces};
use crate::pool::results::in_order;
pub use crate::pool::results::{Handle, Unordered};
use crate::sync::thread::{JoinHandle, available_parallelism};
use crate::workers::task::{self, Function};

/// The most items in an automatic chunk: enough that what is done once for each chunk does not count.
const AUTOMATIC: usize = 64;

/// Worker processes that call functions on items. Answers to `multiprocessing.Pool`.
///
/// A panic in a worker is that item's error, and the pool works on. If a worker dies, the calls it took part in get
/// [`Error::WorkerDied`] and later ones [`Error::Broken`], where CPython waits for ever.
///
/// Dropping the pool kills the workers, as leaving Python's `with Pool()` does; [`join`](Pool::join) lets them finish.
///
/// # Panics
/// Where results are waited for, if a worker printed and nobody reads the output any more (`| head -1`): as `println!`
/// does, whichever process it is called in.
#[derive(Debug)]
pub struct Pool {
    crew: Arc<Crew>,
    drivers: Vec<JoinHandle<()>>,
}

impl Pool {
    /// Starts so many workers, named `PoolWorker-1` and so on: `Pool::new(4)`, or `Pool::new(None)` for one for each core
    /// that this process may use. Answers to `Pool(4)` and `Pool()`.
    ///
    /// # Errors
    /// [`Error::NotInitialised`], [`Error::System`], also if `workers` is 0.
    pub fn new(workers: impl Into<Option<usize>>) -> Result<Pool> {
        let workers = match workers.into() {
            Some(workers) => workers,
            None => available_parallelism().map_err(Error::system("count the cores"))?.get(),
        };
        if workers == 0 {
            let reason = io::Error::other("it needs at least one worker");
            return Err(Error::System { doing: "start a pool", reason });
        }
        let mut pool = Pool { crew: Arc::new(Crew::launch(workers)?), drivers: Vec::new() };
        for index in 0..workers {
            // On an error the pool is dropped, which ends what was started.
            pool.drivers.push(pool.crew.start_driver(index)?);
        }
        Ok(pool)
    }

    /// How many workers it has.
    pub fn workers(&self) -> usize {
        self.crew.size()
    }

    /// The process ids of the workers.
    pub fn pids(&self) -> Vec<u32> {
        self.crew.pids()
    }

    /// `function` of each item, in the items' order. Answers to `map`. Items are done in chunks of a quarter of a worker's
    /// share, as in CPython, but of 64 at most: see [`map_chunked`](Pool::map_chunked).
    ///
    /// # Errors
    /// The first failure, after which no more items are handed out: [`Error::WorkerPanicked`] with the item,
    /// [`Error::WorkerDied`], [`Error::Broken`], [`Error::NotRegistered`], [`Error::Encoding`],
    /// [`Error::TooManyDescriptors`].
    pub fn map<F, T>(
        &self,
        _function: F,
        items: impl IntoIterator<Item = T>,
    ) -> Result<Vec<F::Output>>
    where
        F: Function<(T,)>,
        T: Serialize + Send + Sync + 'static,
        F::Output: DeserializeOwned + Send + 'static,
    {
        self.ordered::<F, T, F::Output>(items.into_iter().collect(), None)
    }

    /// As [`map`](Pool::map), in chunks of the given number of items. Answers to `map(…, chunksize=…)`.
    ///
    /// A chunk is what a worker does at a time; small ones even out items that take unequally long. Chunks that are done
    /// in microseconds travel many to a message, and a worker that comes upon a slow one then sends the rest back. So items
    /// must not wait for one another; calls of [`submit`](Pool::submit), up to the number of workers, may.
    ///
    /// # Errors
    /// As [`map`](Pool::map).
    pub fn map_chunked<F, T>(
        &self,
        _function: F,
        items: impl IntoIterator<Item = T>,
        chunk: usize,
    ) -> Result<Vec<F::Output>>
    where
        F: Function<(T,)>,
        T: Serialize + Send + Sync + 'static,
        F::Output: DeserializeOwned + Send + 'static,
    {
        self.ordered::<F, T, F::Output>(items.into_iter().collect(), Some(chunk))
    }

    /// `function` of each item, as they are done, one item at a time. Answers to `imap_unordered`. An item that panics is
    /// an error in its turn, and the others follow.
    ///
    /// # Errors
    /// [`Error::Broken`], [`Error::NotRegistered`].
    pub fn map_unordered<F, T>(
        &self,
        _function: F,
        items: impl IntoIterator<Item = T>,
    ) -> Result<Unordered<F::Output>>
    where
        F: Function<(T,)>,
        T: Serialize + Send + Sync + 'static,
        F::Output: DeserializeOwned + Send + 'static,
    {
        let items: Vec<T> = items.into_iter().collect();
        let left = items.len();
        Ok(Unordered::new(self.start::<F, T, F::Output>(items, Some(1), true)?, left))
    }

    /// Calls `function(args…)` in a worker and returns at once. Answers to `apply_async`, and to `submit` of
    /// `concurrent.futures`.
    ///
    /// # Errors
    /// [`Error::Broken`], [`Error::NotRegistered`].
    pub fn submit<F, Args>(&self, _function: F, args: Args) -> Result<Handle<F::Output>>
    where
        F: Function<Args>,
        Args: Serialize + Send + Sync + 'static,
        F::Output: DeserializeOwned + Send + 'static,
    {
        Ok(Handle { pieces: self.start::<F, Args, F::Output>(vec![args], None, false)? })
    }

    /// Takes no more calls; those begun are finished. Answers to `close()`.
    pub fn close(&self) {
        self.crew.schedule.close();
    }

    /// Closes the pool, waits until all calls are done, and lets the workers end by themselves. Answers to `close()` and
    /// `join()`.
    ///
    /// # Errors
    /// [`Error::Broken`] if a worker had died.
    pub fn join(mut self) -> Result<()> {
        self.close();
        self.join_drivers();
        self.crew.schedule.broken().map_or(Ok(()), |reason| Err(Error::Broken { reason }))
    }

    fn join_drivers(&mut self) {
        for driver in self.drivers.drain(..) {
            // A driver does not panic; if it did, its message is on stderr and its worker is killed below.
            let _ = driver.join();
        }
    }

    fn ordered<F, Args, R>(&self, items: Vec<Args>, chunk: Option<usize>) -> Result<Vec<R>>
    where
        F: 'static,
        Args: Serialize + Send + Sync + 'static,
        R: DeserializeOwned + Send + 'static,
    {
        let count = items.len();
        in_order(&self.start::<F, Args, R>(items, chunk, true)?, count)
    }

    /// Puts items on the schedule.
    fn start<F, Args, R>(
        &self,
        items: Vec<Args>,
        chunk: Option<usize>,
        mapped: bool,
    ) -> Result<Pieces<R>>
    where
        F: 'static,
        Args: Serialize + Send + Sync + 'static,
        R: DeserializeOwned + Send + 'static,
    {
        let task = task::table()?.name_many::<F>()?;
        let count = items.len();
        let chunk = chunk.unwrap_or_else(|| automatic(count, self.workers())).max(1);
        let (job, pieces) = Items::new(task, items, chunk, mapped);
        self.crew.schedule.add(Arc::new(job), count)?;
        Ok(pieces)
    }
}

/// A quarter of a worker's share.
fn automatic(count: usize, workers: usize) -> usize {
    count.div_ceil(4 * workers).min(AUTOMATIC)
}

impl Drop for Pool {
    fn drop(&mut self) {
        if !self.drivers.is_empty() {
            let reason = "the pool was dropped".into();
            self.crew.schedule.break_off(Error::Broken { reason }, None);
            self.crew.kill();
            self.join_drivers();
        }
        // Also where no driver was started, or one ended early.
        self.crew.kill();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_automatic_chunk_is_a_quarter_of_a_share_and_64_at_most() {
        let chunks = [0, 1, 12, 13, 100, 10_000].map(|count| automatic(count, 3));
        assert_eq!(chunks, [0, 1, 1, 2, 9, 64]);
    }
}
