//! The items of one call to a pool, and the way back for their results.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, Result};
use crate::sync::{AtomicBool, mpsc};
use crate::travel::packet;

/// What comes back: the results from one item on, or why there are none.
#[derive(Debug)]
pub(crate) enum Piece<R> {
    Results(usize, Vec<R>),
    /// One item failed; the others go on.
    Failed(Error),
    /// Nothing more will come.
    Over(Error),
}

/// Where the caller receives. Dropped, it cancels what has not been handed out.
#[derive(Debug)]
pub(crate) struct Pieces<R> {
    receiver: mpsc::Receiver<Piece<R>>,
    cancelled: Arc<AtomicBool>,
}

impl<R> Pieces<R> {
    /// The next piece; `Over` once the pool is gone.
    pub fn next(&self) -> Piece<R> {
        let gone = || Piece::Over(Error::Broken { reason: "the pool was dropped".into() });
        self.receiver.recv().unwrap_or_else(|_| gone())
    }
}

impl<R> Drop for Pieces<R> {
    fn drop(&mut self) {
        self.cancelled.store(true, Relaxed);
    }
}

/// One call's items, with the types of items and results erased.
pub(crate) trait Job: Send + Sync {
    /// The name of the function in the table.
    fn task(&self) -> &'static str;
    /// How many items make a chunk.
    fn chunk(&self) -> usize;
    /// Whether items have positions that mean something to the caller.
    fn is_mapped(&self) -> bool;
    /// Whether nobody waits for the results any more.
    fn is_cancelled(&self) -> bool;
    /// Appends some items to a message.
    fn write(&self, items: Range<usize>, bytes: &mut Vec<u8>) -> Result<()>;
    /// Takes the results of some items from a message.
    fn deliver(&self, items: Range<usize>, bytes: &mut &[u8]) -> Result<()>;
    /// Reports that one item failed.
    fn fail(&self, error: Error);
    /// Reports that nothing more will come.
    fn end(&self, error: Error);
}

/// [`Job`] for items of type `T` and results of type `R`.
pub(crate) struct Items<T, R> {
    task: &'static str,
    items: Vec<T>,
    chunk: usize,
    mapped: bool,
    cancelled: Arc<AtomicBool>,
    pieces: mpsc::Sender<Piece<R>>,
}

impl<T, R> Items<T, R> {
    /// A job for the function named `task`, and where its results come out.
    pub fn new(
        task: &'static str,
        items: Vec<T>,
        chunk: usize,
        mapped: bool,
    ) -> (Items<T, R>, Pieces<R>) {
        let (sender, receiver) = mpsc::channel();
        let cancelled = Arc::new(AtomicBool::new(false));
        let pieces = Pieces { receiver, cancelled: Arc::clone(&cancelled) };
        (Items { task, items, chunk, mapped, cancelled, pieces: sender }, pieces)
    }

    fn give(&self, piece: Piece<R>) {
        // Without a receiver nobody wants it.
        let _ = self.pieces.send(piece);
    }
}

impl<T: Serialize + Send + Sync, R: DeserializeOwned + Send> Job for Items<T, R> {
    fn task(&self) -> &'static str {
        self.task
    }

    fn chunk(&self) -> usize {
        self.chunk
    }

    fn is_mapped(&self) -> bool {
        self.mapped
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Relaxed)
    }

    fn write(&self, items: Range<usize>, bytes: &mut Vec<u8>) -> Result<()> {
        self.items[items].iter().try_for_each(|item| packet::put(bytes, item, "an item"))
    }

    fn deliver(&self, items: Range<usize>, bytes: &mut &[u8]) -> Result<()> {
        let first = items.start;
        let results = items.map(|_| packet::take(bytes, "a result")).collect::<Result<_>>()?;
        self.give(Piece::Results(first, results));
        Ok(())
    }

    fn fail(&self, error: Error) {
        self.give(Piece::Failed(error));
    }

    fn end(&self, error: Error) {
        self.give(Piece::Over(error));
    }
}
