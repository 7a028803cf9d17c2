//! Memory that several processes share.
//!
//! A [`shared`] value and a [`semaphore`] stand on [`cells`], values in a mapped file, each behind a [`mutex`] that
//! outlives its holder. What may lie there is [`plain`]; a [`ring`] of bytes is, on which queues stand.
//!
//! All of them can be sent, as the descriptor of their file, so this layer stands on the one of what travels.

pub(crate) mod cells;
mod mutex;
pub(crate) mod plain;
pub(crate) mod ring;
pub(crate) mod semaphore;
pub(crate) mod shared;
