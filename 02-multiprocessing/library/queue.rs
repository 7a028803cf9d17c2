//! Items from many producers to many consumers.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Duration;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::error::{Error, Result};
use crate::memory::cells::Guard;
use crate::memory::ring::Ring;
use crate::memory::shared::Shared;
use crate::sync::{Instant, thread, tick};
use crate::travel::bell::{Bell, Rope, bell};
use crate::travel::channel::{self, with_buffer};
use crate::travel::packet::{self, Packet};
use crate::travel::socket::{Socket, nobody_left};

/// The longest item that goes through the ring, in bytes.
const LONGEST: usize = 4096;

/// How long to look for an item, or for room, before sleeping: about what it takes to be woken.
const LOOK: Duration = Duration::from_micros(20);

/// An item that stands for one that came over the socket.
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
/// The queue holds 64 KiB of items; then `send` waits for a receiver, where CPython's grows without bound.
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
        let ring = Shared::new(Ring::EMPTY)?;
        let (items, put) = bell()?;
        let (room, taken) = bell()?;
        let (outgoing, incoming) = Socket::pair()?;
        let sender = End {
            ring: ring.clone(),
            side: Side::Sender,
            bell: room,
            rope: put,
            parcels: outgoing.into(),
        };
        let receiver =
            End { ring, side: Side::Receiver, bell: items, rope: taken, parcels: incoming.into() };
        Ok(Queue {
            sender: Sender { end: sender, seen: AtomicI64::new(0), items: PhantomData },
            receiver: Receiver { end: receiver, items: PhantomData },
        })
    }
}

/// The end of a [`Queue`] where items go in.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Sender<T> {
    end: End,
    /// When it was last seen that there are receivers, in ns.
    #[serde(skip)]
    seen: AtomicI64,
    items: PhantomData<fn(T)>,
}

/// The end of a [`Queue`] where items come out.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Receiver<T> {
    end: End,
    items: PhantomData<fn() -> T>,
}

impl<T: Serialize> Sender<T> {
    /// Puts an item in; waits while the queue is full. Answers to `put`.
    ///
    /// # Errors
    /// [`Error::Closed`] if there is no receiver any more, which is noticed within 10 ms (CPython fills the queue for
    /// nobody), [`Error::Encoding`], [`Error::TooManyDescriptors`].
    pub fn send(&self, item: T) -> Result<()> {
        with_buffer(|packet| {
            packet.write(|bytes| packet::put(bytes, &item, "an item"))?;
            if packet.descriptors.is_empty() && packet.bytes.len() <= LONGEST {
                return self.put(&packet.bytes);
            }
            let sent = self.end.parcels.send(packet);
            // The handles inside the item are the receiver's now.
            packet.descriptors.clear();
            sent?;
            self.put(&[PARCEL])
        })
    }

    fn put(&self, item: &[u8]) -> Result<()> {
        // To ask the kernel costs more than an item: so once a tick of its coarse clock.
        let now = tick()?;
        let unseen = self.seen.swap(now, Relaxed) != now;
        if unseen && self.end.bell.has_no_rope()? {
            return Err(nobody_left());
        }
        match self.end.until_done(|ring| ring.push(item))? {
            true => Ok(()),
            false => Err(nobody_left()),
        }
    }
}

impl<T: DeserializeOwned> Receiver<T> {
    /// Waits for an item; `None` when all senders are gone and the queue is empty. Answers to `get`.
    ///
    /// # Errors
    /// [`Error::Encoding`], [`Error::System`].
    pub fn recv(&self) -> Result<Option<T>> {
        with_buffer(|Packet { bytes, .. }| {
            loop {
                if !self.end.until_done(|ring| ring.pop(bytes))? {
                    // There may be a parcel left, of a sender or receiver killed in between.
                    return channel::receive_now(&self.end.parcels);
                }
                if bytes.first() != Some(&PARCEL) {
                    return packet::take(&mut &bytes[1..], "an item").map(Some);
                }
                if let Some(item) = channel::receive(&self.end.parcels)? {
                    return Ok(Some(item));
                }
                // Otherwise a receiver has taken it that had already seen the end.
            }
        })
    }

    /// The items until all senders are gone. Answers to `iter(queue.get, None)`.
    pub fn iter(&self) -> impl Iterator<Item = Result<T>> + '_ {
        std::iter::from_fn(|| self.recv().transpose())
    }
}

/// What both ends have.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct End {
    ring: Shared<Ring>,
    side: Side,
    /// Rings when the other side has made room, or put an item in.
    bell: Bell,
    rope: Rope,
    /// For items that are too long for the ring, or have descriptors with them.
    parcels: Socket,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum Side {
    Receiver,
    Sender,
}

impl End {
    /// Tries `step` until it has done something. `false` if it has not, and the other side is gone.
    ///
    /// In this order, because a process may be killed anywhere: the bell rings before the step that it announces, and
    /// those that it wakes wait for the lock; it falls silent before somebody relies on being woken.
    fn until_done(&self, mut step: impl FnMut(&mut Ring) -> bool) -> Result<bool> {
        let (own, other) = match self.side {
            Side::Receiver => (0, 1),
            Side::Sender => (1, 0),
        };
        let mut gone = false;
        let mut look_until = None;
        loop {
            let mut ring = self.lock()?;
            if ring.asleep[other] {
                self.rope.ring()?;
                ring.asleep[other] = false;
            }
            if step(&mut ring) {
                return Ok(true);
            }
            if gone {
                return Ok(false);
            }
            let now = Instant::now();
            if now < *look_until.get_or_insert(now + LOOK) {
                drop(ring);
                thread::yield_now();
                continue;
            }
            self.bell.silence()?;
            ring.asleep[own] = true;
            drop(ring);
            gone = self.bell.wait()?;
        }
    }

    /// The ring is sound whenever its holder dies; but who was to be woken then may not have been.
    fn lock(&self) -> Result<Guard<'_, Ring>> {
        match self.ring.lock() {
            Err(Error::OwnerDied { .. }) => {
                let mut ring = self.ring.recover()?;
                ring.asleep = [true; 2];
                Ok(ring)
            }
            ring => ring,
        }
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Sender<T> {
        Sender { end: self.end.clone(), seen: AtomicI64::new(0), items: PhantomData }
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Receiver<T> {
        Receiver { end: self.end.clone(), items: PhantomData }
    }
}

#[cfg(test)]
mod tests {
    use lab::in_time;

    use super::*;

    #[test]
    fn a_parcel_that_a_killed_receiver_left_comes_at_the_end() -> Result<()> {
        in_time(|| {
            let Queue { sender, receiver } = Queue::new()?;
            sender.send(vec![7_u8; LONGEST + 1])?;
            // What it takes first; then it is killed.
            assert!(receiver.end.until_done(|ring| ring.pop(&mut Vec::new()))?);
            drop(sender);
            assert_eq!(receiver.recv()?, Some(vec![7; LONGEST + 1]));
            assert_eq!(receiver.recv()?, None);
            Ok(())
        })
    }
}
