//! A socket that keeps messages whole, of bytes alone.

use std::{collections::VecDeque, sync::Arc};

use crate::{
    error::{Error, Result},
    process::{self, Object},
    travel::packet::Packet,
};

pub(crate) const LONGEST: usize = 128 * 1024;

/// What is on the way to either end, and how often each is open.
#[derive(Debug)]
struct Wire {
    messages: [VecDeque<Vec<u8>>; 2],
    open: [usize; 2],
}

/// One end.
#[derive(Debug)]
pub(crate) struct Socket {
    wire: Arc<Object<Wire>>,
    end: usize,
}

impl Socket {
    pub fn pair() -> Result<(Socket, Socket)> {
        let wire = Object::new(Wire { messages: Default::default(), open: [1; 2] });
        Ok((Socket { wire: Arc::clone(&wire), end: 0 }, Socket { wire, end: 1 }))
    }

    pub fn send(&self, packet: &mut Packet) -> Result<()> {
        let other = 1 - self.end;
        self.wire.call(|wire| {
            if wire.open[other] == 0 {
                return Some(Err(nobody_left()));
            }
            wire.messages[other].push_back(packet.bytes.clone());
            Some(Ok(()))
        })
    }

    pub fn receive(&self, packet: &mut Packet) -> Result<bool> {
        Ok(self.wire.call(|wire| match wire.take(self.end, packet) {
            false if wire.open[1 - self.end] > 0 => None,
            taken => Some(taken),
        }))
    }

    pub fn receive_now(&self, packet: &mut Packet) -> Result<bool> {
        Ok(self.wire.call(|wire| Some(wire.take(self.end, packet))))
    }

    /// What wakes who waits at this end, and does not keep it open.
    pub fn waker(&self) -> impl Fn() + Send + use<> {
        let wire = Arc::clone(&self.wire);
        move || wire.change(|_| ())
    }
}

impl Wire {
    fn take(&mut self, end: usize, packet: &mut Packet) -> bool {
        packet.bytes.clear();
        let message = self.messages[end].pop_front();
        let is_there = message.is_some();
        packet.bytes.extend(message.unwrap_or_default());
        is_there
    }
}

impl Clone for Socket {
    fn clone(&self) -> Socket {
        self.wire.change(|wire| wire.open[self.end] += 1);
        Socket { wire: Arc::clone(&self.wire), end: self.end }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let (wire, end) = (Arc::clone(&self.wire), self.end);
        process::close(move || wire.change(|wire| wire.open[end] -= 1));
    }
}

pub(crate) fn nobody_left() -> Error {
    Error::Closed
}
