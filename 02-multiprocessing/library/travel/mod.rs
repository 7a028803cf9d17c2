//! What travels between processes, and on what: messages of bytes, and the open files that they mention.
//!
//! A [`packet`] is a message, a [`socket`] carries it whole, with its [`descriptor`]s, of which [`rights`] takes
//! ownership at the other end; a [`channel`] sends and receives values instead of packets. A [`bell`] carries
//! nothing but that something has changed, and so do [`news`], which one of those who wait takes.

pub(crate) mod bell;
pub(crate) mod channel;
pub(crate) mod descriptor;
pub(crate) mod news;
pub(crate) mod packet;
mod retry;
mod rights;
pub(crate) mod socket;
