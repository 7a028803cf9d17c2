//! Two ends that talk both ways.

use std::marker::PhantomData;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

#[cfg(doc)]
use crate::error::Error;
use crate::error::Result;
use crate::travel::channel;
use crate::travel::socket::Socket;

/// Two connected ends. Answers to `multiprocessing.Pipe()`: one end sends `S` and receives `R`, the other the reverse.
#[derive(Debug)]
pub struct Pipe<S, R> {
    /// The end to keep.
    pub parent: End<S, R>,
    /// The end to move into a child process.
    pub child: End<R, S>,
}

impl<S, R> Pipe<S, R> {
    /// Two new ends.
    ///
    /// # Errors
    /// [`Error::System`] if there is no descriptor left.
    pub fn new() -> Result<Pipe<S, R>> {
        let (parent, child) = Socket::pair()?;
        Ok(Pipe {
            parent: End { socket: parent.into(), messages: PhantomData },
            child: End { socket: child.into(), messages: PhantomData },
        })
    }
}

/// One end of a [`Pipe`], which sends `S` and receives `R`. Answers to `multiprocessing.connection.Connection`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct End<S, R> {
    socket: Socket,
    messages: PhantomData<fn(S) -> R>,
}

impl<S: Serialize, R: DeserializeOwned> End<S, R> {
    /// Sends a message; waits while some 200 kB lie unread.
    ///
    /// # Errors
    /// [`Error::Closed`] if the other end is gone, [`Error::Encoding`], [`Error::TooManyDescriptors`].
    pub fn send(&self, message: S) -> Result<()> {
        channel::send(&self.socket, &message)
    }

    /// Waits for a message; `None` when the other end is gone, where Python raises `EOFError`.
    ///
    /// # Errors
    /// [`Error::Encoding`], [`Error::System`].
    pub fn recv(&self) -> Result<Option<R>> {
        channel::receive(&self.socket)
    }
}
