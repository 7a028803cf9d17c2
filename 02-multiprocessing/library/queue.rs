//! Items from many producers to many consumers.

use std::marker::PhantomData;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::unistd::{pipe2, read, write};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::channel::{Waited, with_buffer};
use crate::descriptor::Descriptor;
use crate::socket::{Socket, wait_readable};
use crate::{Error, Result, packet, worker};

/// The longest packet that a pipe keeps whole: `PIPE_BUF`, pipe(7).
const LONGEST: usize = 4096;

/// Room in the pipe in bytes, 4096 for each packet however short.
const ROOM: i32 = 256 * 4096;

/// A packet that stands for one that came over the socket.
const PARCEL: u8 = 2;

/// A queue between processes. Answers to `multiprocessing.Queue`, split into its two ends.
///
/// Clone an end to keep it, move it into a process to give it away. When the last [`Sender`] is gone, in whatever
/// process and however it ended, receivers get what is left and then the end: no marker needs to be sent. Each
/// item reaches one receiver; one that is killed takes at most the item it had just received along.
///
/// Items come out in the order they went in. Only long ones (over 4 kB) and those with handles in them may be
/// overtaken, where several senders send such at the same moment.
///
/// The queue holds 256 items; then `send` waits for a receiver, where CPython's grows without bound.
#[derive(Debug)]
pub struct Queue<T> {
    /// Where items go in.
    pub sender: Sender<T>,
    /// Where they come out.
    pub receiver: Receiver<T>,
}

impl<T> Queue<T> {
    /// An empty queue.
    ///
    /// # Errors
    /// [`Error::System`] if there is no descriptor left.
    pub fn new() -> Result<Queue<T>> {
        // In packet mode each write stays apart from the next, and one read takes one of them (O_DIRECT, pipe(2)). It costs
        // a quarter of a packet socket's message, which has memory allocated for it each time.
        let (output, input) =
            pipe2(OFlag::O_DIRECT | OFlag::O_CLOEXEC).map_err(Error::system("open a pipe"))?;
        // Refused beyond the user's limit (pipe-user-pages-soft, pipe(7)): then it holds 16 items.
        let _ = fcntl(&input, FcntlArg::F_SETPIPE_SZ(ROOM));
        let (parcels_in, parcels_out) = Socket::pair()?;
        Ok(Queue {
            sender: Sender { pipe: input.into(), parcels: parcels_in.into(), items: PhantomData },
            receiver: Receiver {
                pipe: output.into(),
                parcels: parcels_out.into(),
                items: PhantomData,
            },
        })
    }
}

/// The end of a [`Queue`] where items go in.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Sender<T> {
    pipe: Descriptor,
    /// For items that are too long for the pipe, or have descriptors with them.
    parcels: Socket,
    items: PhantomData<fn(T)>,
}

/// The end of a [`Queue`] where items come out.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Receiver<T> {
    pipe: Descriptor,
    parcels: Socket,
    items: PhantomData<fn() -> T>,
}

impl<T: Serialize> Sender<T> {
    /// Puts an item in; waits while the queue is full. Answers to `put`.
    ///
    /// # Errors
    /// [`Error::Closed`] if there is no receiver any more (CPython fills the queue for nobody), [`Error::Encoding`],
    /// [`Error::TooManyDescriptors`].
    pub fn send(&self, item: T) -> Result<()> {
        with_buffer(|packet| {
            packet.write(|bytes| packet::put(bytes, &item, "an item"))?;
            if packet.descriptors.is_empty() && packet.bytes.len() <= LONGEST {
                return self.write(&packet.bytes);
            }
            let sent = self.parcels.send(packet);
            // The handles inside the item are the receiver's now.
            packet.descriptors.clear();
            sent?;
            self.write(&[PARCEL])
        })
    }

    fn write(&self, bytes: &[u8]) -> Result<()> {
        loop {
            match write(&self.pipe, bytes) {
                Ok(_) => return Ok(()),
                Err(Errno::EINTR) => {}
                Err(Errno::EPIPE) => return Err(worker::nobody_left()),
                Err(error) => return Err(Error::system("send an item")(error)),
            }
        }
    }
}

impl<T: DeserializeOwned> Receiver<T> {
    /// Waits for an item; `None` when all senders are gone and the queue is empty. Answers to `get`.
    ///
    /// # Errors
    /// [`Error::Encoding`], [`Error::System`].
    pub fn recv(&self) -> Result<Option<T>> {
        match self.read(&self.pipe)? {
            Waited::Item(item) => Ok(Some(item)),
            Waited::Ended | Waited::TimedOut => Ok(None),
        }
    }

    /// Waits so long for an item; a zero timeout only looks. Answers to `get(timeout=…)` and `get_nowait`.
    ///
    /// # Errors
    /// As [`recv`](Receiver::recv).
    pub fn recv_timeout(&self, timeout: Duration) -> Result<Waited<T>> {
        // Whether reads wait is a property of the open file, which all receivers share: so this one opens its own.
        let own = std::fs::File::options()
            .read(true)
            .custom_flags(OFlag::O_NONBLOCK.bits())
            .open(format!("/proc/self/fd/{}", self.pipe.as_fd().as_raw_fd()))
            .map_err(Error::system("open the pipe of a queue"))?;
        let deadline = Instant::now().checked_add(timeout);
        loop {
            let answer = self.read(&own)?;
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if !matches!(answer, Waited::TimedOut) || left.is_some_and(|left| left.is_zero()) {
                return Ok(answer);
            }
            wait_readable(&own, left)?;
        }
    }

    /// The items until all senders are gone. Answers to `iter(queue.get, None)`.
    pub fn iter(&self) -> impl Iterator<Item = Result<T>> + '_ {
        std::iter::from_fn(|| self.recv().transpose())
    }

    /// Reads from the pipe; `TimedOut` only if reads of it do not wait.
    fn read(&self, pipe: &impl AsFd) -> Result<Waited<T>> {
        let mut bytes = [0; LONGEST];
        loop {
            let length = match read(pipe, &mut bytes) {
                Ok(length) => length,
                Err(Errno::EINTR) => continue,
                Err(Errno::EAGAIN) => return Ok(Waited::TimedOut),
                Err(error) => return Err(Error::system("receive an item")(error)),
            };
            let item = match bytes[..length] {
                [] => self.parcel(Socket::receive_now)?,
                [PARCEL, ..] => self.parcel(Socket::receive)?,
                ref item => Some(packet::take(&mut &item[1..], "an item")?),
            };
            match item {
                Some(item) => return Ok(Waited::Item(item)),
                None if length == 0 => return Ok(Waited::Ended),
                // Taken by a receiver that had already read the end of the pipe.
                None => {}
            }
        }
    }

    /// Takes a parcel. At the end of the pipe there may be one left, of a sender or receiver killed in between.
    fn parcel(
        &self,
        receive: fn(&Socket, &mut packet::Packet) -> Result<bool>,
    ) -> Result<Option<T>> {
        with_buffer(|packet| match receive(&self.parcels, packet)? {
            true => packet.read(|bytes| packet::take(bytes, "an item")).map(Some),
            false => Ok(None),
        })
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Sender<T> {
        Sender { pipe: self.pipe.clone(), parcels: self.parcels.clone(), items: PhantomData }
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Receiver<T> {
        Receiver { pipe: self.pipe.clone(), parcels: self.parcels.clone(), items: PhantomData }
    }
}
