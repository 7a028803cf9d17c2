//! What comes back from the calls to a pool.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::pool::job::{Piece, Pieces};
use crate::workers::wire::is_closed_pipe;

/// All results, in the order of their items.
pub(super) fn in_order<R>(pieces: &Pieces<R>, count: usize) -> Result<Vec<R>> {
    // Results that came before their turn, by the position of the first.
    let (mut all, mut early) = (Vec::with_capacity(count), BTreeMap::new());
    while all.len() < count {
        match pieces.next() {
            Piece::Results(first, results) => drop(early.insert(first, results)),
            Piece::Failed(error) | Piece::Over(error) => return Err(told(error)),
        }
        while let Some(results) = early.remove(&all.len()) {
            all.extend(results);
        }
    }
    Ok(all)
}

/// The error of an item, on its way to the caller. That nobody reads the output any more (`| head -1`) is no fault of the
/// item: `println!` panics in the worker, and so it does here, as if the call had been made in this process.
fn told(error: Error) -> Error {
    match error {
        Error::WorkerPanicked { message, .. } if is_closed_pipe(&message) => panic!("{message}"),
        error => error,
    }
}

/// The result of a [`submit`](crate::Pool::submit) to come. Answers to `AsyncResult` and `Future`. Dropped, the call is
/// cancelled if it has not begun.
#[derive(Debug)]
pub struct Handle<R> {
    pub(super) pieces: Pieces<R>,
}

impl<R> Handle<R> {
    /// Waits for the result. Answers to `get()` and `result()`.
    ///
    /// # Errors
    /// As [`Pool::map`](crate::Pool::map).
    pub fn get(self) -> Result<R> {
        only(self.pieces.next())
    }
}

fn only<R>(piece: Piece<R>) -> Result<R> {
    match piece {
        Piece::Results(_, results) => results.into_iter().next().ok_or(Error::Closed),
        Piece::Failed(error) | Piece::Over(error) => Err(told(error)),
    }
}

/// Results in the order they are done, from [`Pool::map_unordered`](crate::Pool::map_unordered).
#[derive(Debug)]
pub struct Unordered<R> {
    pieces: Pieces<R>,
    /// How many results or errors are still to come from `pieces`.
    left: usize,
    ready: std::vec::IntoIter<R>,
}

impl<R> Unordered<R> {
    pub(super) fn new(pieces: Pieces<R>, left: usize) -> Unordered<R> {
        Unordered { pieces, left, ready: Vec::new().into_iter() }
    }
}

impl<R> Iterator for Unordered<R> {
    type Item = Result<R>;

    fn next(&mut self) -> Option<Result<R>> {
        loop {
            if let Some(result) = self.ready.next() {
                return Some(Ok(result));
            }
            if self.left == 0 {
                return None;
            }
            match self.pieces.next() {
                Piece::Results(_, results) => {
                    self.left -= results.len();
                    self.ready = results.into_iter();
                }
                Piece::Failed(error) => {
                    self.left -= 1;
                    return Some(Err(told(error)));
                }
                Piece::Over(error) => {
                    self.left = 0;
                    return Some(Err(error));
                }
            }
        }
    }
}
