//! One direction of messages of one type: what queue and pipe have in common.

use std::cell::RefCell;
use std::time::Duration;

use serde::{Serialize, de::DeserializeOwned};

use crate::Result;
use crate::packet::{self, Packet};
use crate::socket::Socket;

thread_local! {
    /// A buffer for each thread, so that a message costs no allocation.
    static BUFFER: RefCell<Packet> = RefCell::default();
}

pub(crate) fn with_buffer<R>(work: impl FnOnce(&mut Packet) -> R) -> R {
    // Taken out while in use: an item's own Serialize may send a message too.
    let mut packet = BUFFER.take();
    let result = work(&mut packet);
    BUFFER.set(packet);
    result
}

pub(crate) fn send<T: Serialize>(socket: &Socket, item: &T) -> Result<()> {
    with_buffer(|packet| {
        packet.write(|bytes| packet::put(bytes, item, "an item"))?;
        let sent = socket.send(packet);
        // The handles inside the item are the receiver's now.
        packet.descriptors.clear();
        sent
    })
}

pub(crate) fn receive<T: DeserializeOwned>(socket: &Socket) -> Result<Option<T>> {
    with_buffer(|packet| match socket.receive(packet)? {
        true => packet.read(|bytes| packet::take(bytes, "an item")).map(Some),
        false => Ok(None),
    })
}

/// What waiting for an item for a limited time gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited<T> {
    /// An item.
    Item(T),
    /// Nobody can send any more.
    Ended,
    /// The time has passed; try again.
    TimedOut,
}

pub(crate) fn receive_timeout<T: DeserializeOwned>(
    socket: &Socket,
    timeout: Duration,
) -> Result<Waited<T>> {
    with_buffer(|packet| match socket.receive_timeout(packet, timeout)? {
        Some(true) => packet.read(|bytes| packet::take(bytes, "an item")).map(Waited::Item),
        Some(false) => Ok(Waited::Ended),
        None => Ok(Waited::TimedOut),
    })
}
