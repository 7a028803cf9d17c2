//! One direction of messages of one type: what queue and pipe have in common.

use std::cell::RefCell;

use serde::{Serialize, de::DeserializeOwned};

use crate::error::Result;
use crate::travel::packet::{self, Packet};
use crate::travel::socket::Socket;

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

/// Waits for an item; `None` once nobody can send any more.
pub(crate) fn receive<T: DeserializeOwned>(socket: &Socket) -> Result<Option<T>> {
    receive_by(Socket::receive, socket)
}

/// An item that is there already.
pub(crate) fn receive_now<T: DeserializeOwned>(socket: &Socket) -> Result<Option<T>> {
    receive_by(Socket::receive_now, socket)
}

fn receive_by<T: DeserializeOwned>(
    receive: fn(&Socket, &mut Packet) -> Result<bool>,
    socket: &Socket,
) -> Result<Option<T>> {
    with_buffer(|packet| match receive(socket, packet)? {
        true => packet.read(|bytes| packet::take(bytes, "an item")).map(Some),
        false => Ok(None),
    })
}
