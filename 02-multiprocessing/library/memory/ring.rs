//! The items of a queue, in memory that its processes share.

use std::sync::atomic::{Ordering::SeqCst, compiler_fence};

/// Room for items in bytes.
pub(crate) const ROOM: usize = 64 * 1024;

/// Before each item, its length.
type Length = u16;

/// Items from the oldest to the newest. Only touched under a lock, but its holder may be killed at any instruction:
/// so a single store, of a position, puts an item in or takes it out.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Ring {
    /// Bytes written since the beginning; those not yet read are in `bytes`, at their position modulo `ROOM`.
    written: u64,
    read: u64,
    /// Whether receivers wait for an item, and senders for room.
    pub asleep: [bool; 2],
    bytes: [u8; ROOM],
}

impl Ring {
    pub const EMPTY: Ring = Ring { written: 0, read: 0, asleep: [false; 2], bytes: [0; ROOM] };

    /// Puts an item in, if there is room.
    pub fn push(&mut self, item: &[u8]) -> bool {
        let length = (item.len() as Length).to_ne_bytes();
        let end = self.written + (length.len() + item.len()) as u64;
        if end - self.read > ROOM as u64 {
            return false;
        }
        self.copy_in(self.written, &length);
        self.copy_in(self.written + length.len() as u64, item);
        compiler_fence(SeqCst);
        self.written = end;
        true
    }

    /// Takes the oldest item out, if there is one.
    pub fn pop(&mut self, item: &mut Vec<u8>) -> bool {
        if self.read == self.written {
            return false;
        }
        let mut length = [0; size_of::<Length>()];
        self.copy_out(self.read, &mut length);
        let start = self.read + length.len() as u64;
        item.resize(Length::from_ne_bytes(length).into(), 0);
        self.copy_out(start, item);
        compiler_fence(SeqCst);
        self.read = start + item.len() as u64;
        true
    }

    fn copy_in(&mut self, position: u64, from: &[u8]) {
        let start = (position % ROOM as u64) as usize;
        let (first, rest) = from.split_at(from.len().min(ROOM - start));
        self.bytes[start..start + first.len()].copy_from_slice(first);
        self.bytes[..rest.len()].copy_from_slice(rest);
    }

    fn copy_out(&self, position: u64, to: &mut [u8]) {
        let start = (position % ROOM as u64) as usize;
        let (first, rest) = to.split_at_mut(to.len().min(ROOM - start));
        first.copy_from_slice(&self.bytes[start..start + first.len()]);
        rest.copy_from_slice(&self.bytes[..rest.len()]);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// Items of every length, and from every position on.
    #[test]
    fn items_come_out_whole_and_in_order_wherever_they_lie() {
        let (mut ring, mut expected, mut item) = (Ring::EMPTY, VecDeque::new(), Vec::new());
        for number in 0..3000_usize {
            let new: Vec<u8> = (0..number * 7 % 4097).map(|at| (number + at) as u8).collect();
            while !ring.push(&new) {
                assert!(ring.pop(&mut item), "neither an item nor room for one");
                assert_eq!(Some(&item), expected.pop_front().as_ref());
            }
            expected.push_back(new);
        }
        while let Some(old) = expected.pop_front() {
            assert!(ring.pop(&mut item));
            assert_eq!(item, old);
        }
        assert!(!ring.pop(&mut item), "an item that nobody put in");
    }

    #[test]
    fn it_takes_items_until_there_is_no_byte_left() {
        let (mut ring, mut item) = (Ring::EMPTY, [0; 14]);
        // With their lengths they are of 16 bytes.
        for number in 0..ROOM / 16 {
            item[0] = number as u8;
            assert!(ring.push(&item), "no room for item {number}");
        }
        assert!(!ring.push(&[]));
        let mut first = Vec::new();
        assert!(ring.pop(&mut first) && first == [0; 14], "{first:?}");
        assert!(ring.push(&item));
    }
}
