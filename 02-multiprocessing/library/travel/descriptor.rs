//! A file descriptor that can be part of a message.

use std::cell::RefCell;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::sync::Arc;

use nix::sys::stat::{SFlag, fstat};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// The most descriptors that one message may carry: `SCM_MAX_FD`, unix(7).
pub(crate) const MOST: usize = 253;

/// An open file that travels with the message that mentions it: in the bytes stands its position among the
/// message's descriptors, the kernel carries the rest (`SCM_RIGHTS`, unix(7)).
///
/// Clones share one descriptor, which is closed with the last of them.
#[derive(Clone, Debug)]
pub(crate) struct Descriptor(Arc<OwnedFd>);

impl Descriptor {
    pub fn raw(&self) -> RawFd {
        self.0.as_raw_fd()
    }

    /// Its length in bytes, if it is a file without holes. One of any length can be had for nothing by whoever sends it,
    /// and takes memory where it is read.
    pub fn whole_length(&self) -> Option<usize> {
        let file = fstat(&self.0).ok()?;
        let is_file = file.st_mode & SFlag::S_IFMT.bits() == SFlag::S_IFREG.bits();
        // Blocks are of 512 bytes, whatever the file system (inode(7)).
        let is_whole = file.st_blocks.saturating_mul(512) >= file.st_size;
        (is_file && is_whole).then(|| usize::try_from(file.st_size).ok()).flatten()
    }
}

impl From<OwnedFd> for Descriptor {
    fn from(file: OwnedFd) -> Descriptor {
        Descriptor(Arc::new(file))
    }
}

impl AsFd for Descriptor {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

thread_local! {
    /// The descriptors of the message that this thread is writing, if it is writing one.
    static WRITING: RefCell<Option<Vec<Descriptor>>> = const { RefCell::new(None) };
    /// The descriptors of the message that this thread is reading.
    static READING: RefCell<Option<Vec<Descriptor>>> = const { RefCell::new(None) };
}

/// Runs `work` with `list` in reach of the (de)serializers on this thread, and puts back what was there before,
/// also after a panic: a task that is being read from one message may send another.
fn scope<R>(
    slot: &'static std::thread::LocalKey<RefCell<Option<Vec<Descriptor>>>>,
    list: &mut Vec<Descriptor>,
    work: impl FnOnce() -> R,
) -> R {
    struct Restore<'a> {
        slot: &'static std::thread::LocalKey<RefCell<Option<Vec<Descriptor>>>>,
        list: &'a mut Vec<Descriptor>,
        before: Option<Vec<Descriptor>>,
    }
    impl Drop for Restore<'_> {
        fn drop(&mut self) {
            *self.list = self.slot.replace(self.before.take()).unwrap_or_default();
        }
    }
    let before = slot.replace(Some(std::mem::take(list)));
    let _restore = Restore { slot, list, before };
    work()
}

/// Descriptors serialized by `work` are appended to `list`.
pub(crate) fn writing<R>(list: &mut Vec<Descriptor>, work: impl FnOnce() -> R) -> R {
    scope(&WRITING, list, work)
}

/// Descriptors deserialized by `work` are looked up in `list`.
pub(crate) fn reading<R>(list: &mut Vec<Descriptor>, work: impl FnOnce() -> R) -> R {
    scope(&READING, list, work)
}

/// How many descriptors the message being written has so far.
pub(crate) fn written() -> usize {
    WRITING.with_borrow(|list| list.as_ref().map_or(0, Vec::len))
}

/// Forgets the descriptors after the first `count` of the message being written.
pub(crate) fn truncate_written(count: usize) {
    WRITING.with_borrow_mut(|list| list.iter_mut().for_each(|list| list.truncate(count)));
}

impl Serialize for Descriptor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let position = WRITING.with_borrow_mut(|list| {
            list.as_mut().map(|list| {
                list.push(self.clone());
                list.len() - 1
            })
        });
        match position {
            Some(position) => serializer.serialize_u32(position as u32),
            None => Err(ser::Error::custom(
                "a queue, pipe or shared value can only be sent to a process",
            )),
        }
    }
}

impl<'de> Deserialize<'de> for Descriptor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Descriptor, D::Error> {
        let position = u32::deserialize(deserializer)? as usize;
        READING
            .with_borrow(|list| list.as_ref().and_then(|list| list.get(position).cloned()))
            .ok_or_else(|| de::Error::custom("the message came without its descriptor"))
    }
}
