//! A Unix socket that keeps messages whole.

use std::cell::RefCell;
use std::fs::File;
use std::io::{IoSlice, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::socket::{self as sys, AddressFamily, ControlMessage, MsgFlags, SockFlag, SockType};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::travel::descriptor::{Descriptor, MOST};
use crate::travel::packet::Packet;
use crate::travel::retry::retry;
use crate::travel::rights::{self, Control};

/// Longer messages travel in a memory file whose descriptor rides along: a packet has to fit into the socket's buffer,
/// 208 KiB by default (socket(7)).
pub(crate) const LONGEST: usize = 128 * 1024;

/// The first byte of a packet whose bytes are in the file that is its last descriptor.
const IN_FILE: u8 = 1;

/// One end of a `SOCK_SEQPACKET` pair. A message arrives whole at exactly one reader, however many share the end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Socket(Descriptor);

/// Where recvmsg(2) puts a packet and its descriptors: one for each thread, since clearing 128 KiB costs more than a packet.
struct Inbox {
    bytes: Vec<u8>,
    control: Control,
}

thread_local! {
    static INBOX: RefCell<Inbox> =
        RefCell::new(Inbox { bytes: vec![0; LONGEST], control: Control::default() });
}

impl Socket {
    /// Two connected ends that no child inherits by accident.
    pub fn pair() -> Result<(OwnedFd, OwnedFd)> {
        sys::socketpair(AddressFamily::Unix, SockType::SeqPacket, None, SockFlag::SOCK_CLOEXEC)
            .map_err(Error::system("open a socket pair"))
    }

    /// Sends a packet whole; waits while the socket's buffer is full.
    ///
    /// # Errors
    /// [`Error::Closed`] if the other end is gone, [`Error::TooManyDescriptors`].
    pub fn send(&self, packet: &mut Packet) -> Result<()> {
        let in_file = packet.bytes.len() > LONGEST;
        let count = packet.descriptors.len() + usize::from(in_file);
        if count > MOST {
            return Err(Error::TooManyDescriptors { count, limit: MOST });
        }
        if in_file {
            let file = File::from(
                memfd_create("message", MFdFlags::MFD_CLOEXEC)
                    .map_err(Error::system("open a memory file"))?,
            );
            // Written at a position, so that the reader, who shares the file's offset, begins at 0.
            file.write_all_at(&packet.bytes, 0).map_err(Error::system("write a memory file"))?;
            packet.descriptors.push(OwnedFd::from(file).into());
        }
        let wire: &[u8] = if in_file { &[IN_FILE] } else { &packet.bytes };
        let (socket, flags) = (self.0.raw(), MsgFlags::MSG_NOSIGNAL);
        let sent = retry(|| {
            if packet.descriptors.is_empty() {
                return sys::send(socket, wire, flags);
            }
            let files: Vec<_> = packet.descriptors.iter().map(Descriptor::raw).collect();
            let rights = [ControlMessage::ScmRights(&files)];
            sys::sendmsg::<()>(socket, &[IoSlice::new(wire)], &rights, flags, None)
        });
        match sent {
            Ok(_) => Ok(()),
            Err(Errno::EPIPE | Errno::ECONNRESET) => Err(nobody_left()),
            Err(error) => Err(Error::system("send a message")(error)),
        }
    }

    /// Waits for a packet. `false` once the other end is closed everywhere and everything sent has been read.
    pub fn receive(&self, packet: &mut Packet) -> Result<bool> {
        Ok(self.receive_with(packet, MsgFlags::empty())?.unwrap_or(false))
    }

    /// A packet that is there already.
    pub fn receive_now(&self, packet: &mut Packet) -> Result<bool> {
        Ok(self.receive_with(packet, MsgFlags::MSG_DONTWAIT)?.unwrap_or(false))
    }

    fn receive_with(&self, packet: &mut Packet, flags: MsgFlags) -> Result<Option<bool>> {
        packet.bytes.clear();
        packet.descriptors.clear();
        let length = INBOX.with_borrow_mut(|Inbox { bytes, control }| {
            let list = &mut packet.descriptors;
            match retry(|| rights::receive(&self.0, flags, bytes, control, list)) {
                Ok(length) => {
                    packet.bytes.extend_from_slice(&bytes[..length]);
                    Ok(Some(length))
                }
                Err(Errno::EAGAIN) => Ok(None),
                // The other end was closed with a message from us unread.
                Err(Errno::ECONNRESET) => Ok(Some(0)),
                Err(Errno::EMFILE) => Err(too_many_files()),
                Err(error) => Err(Error::system("receive a message")(error)),
            }
        })?;
        let Some(length) = length else { return Ok(None) };
        if packet.bytes.first() == Some(&IN_FILE) {
            let no_message =
                || Error::system("receive a long message")(std::io::ErrorKind::InvalidData);
            let file = packet.descriptors.pop().ok_or_else(no_message)?;
            // Of a pipe or a device there would be no end.
            file.whole_length().ok_or_else(no_message)?;
            let mut file = File::from(
                file.as_fd().try_clone_to_owned().map_err(Error::system("read a memory file"))?,
            );
            packet.bytes.clear();
            file.read_to_end(&mut packet.bytes).map_err(Error::system("read a memory file"))?;
        }
        Ok(Some(length > 0))
    }

    /// Blocks until the other end is closed, which the end of its process does too.
    pub fn wait_hang_up(&self) {
        // With nothing asked for, poll(2) still reports POLLHUP.
        let mut ends = [PollFd::new(self.0.as_fd(), PollFlags::empty())];
        let _ = retry(|| nix::poll::poll(&mut ends, PollTimeout::NONE));
    }
}

impl From<OwnedFd> for Socket {
    fn from(end: OwnedFd) -> Socket {
        Socket(end.into())
    }
}

fn too_many_files() -> Error {
    let reason = std::io::Error::other("too many open files in this process (ulimit -n)");
    Error::System { doing: "take over the descriptors of a message", reason }
}

/// Whether a file is a socket of the kind a worker gets as its standard input.
pub(crate) fn is_packet_socket(file: &impl AsFd) -> bool {
    sys::getsockopt(&file.as_fd(), sys::sockopt::SockType)
        .is_ok_and(|kind| kind == SockType::SeqPacket)
}

static SENT_TO_NOBODY: AtomicBool = AtomicBool::new(false);

/// Takes down that a send found nobody left at the other end.
pub(crate) fn nobody_left() -> Error {
    SENT_TO_NOBODY.store(true, Relaxed);
    Error::Closed
}

/// Whether a send of this process has found nobody left.
pub(crate) fn has_sent_to_nobody() -> bool {
    SENT_TO_NOBODY.load(Relaxed)
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use lab::in_time;
    use nix::fcntl::{FcntlArg, FdFlag, fcntl};

    use super::*;

    fn packet(bytes: &[u8], files: impl IntoIterator<Item = OwnedFd>) -> Packet {
        let descriptors = files.into_iter().map(Descriptor::from).collect();
        Packet { bytes: bytes.to_vec(), descriptors }
    }

    fn pair() -> (Socket, Socket) {
        let (one, other) = Socket::pair().expect("open a pair");
        (one.into(), other.into())
    }

    #[test]
    fn files_that_came_with_a_message_are_closed_in_a_child() {
        in_time(|| {
            let (one, other) = pair();
            let file = File::open("/dev/null").expect("open").into();
            one.send(&mut packet(&[0], [file])).expect("send");
            let mut got = Packet::default();
            assert!(other.receive(&mut got).expect("receive"));
            let flags = fcntl(&got.descriptors[0], FcntlArg::F_GETFD).expect("look");
            assert!(FdFlag::from_bits_truncate(flags).contains(FdFlag::FD_CLOEXEC));
        });
    }

    #[test]
    fn who_will_not_wait_for_a_message_does_not() {
        let there = in_time(|| {
            let (one, other) = pair();
            let mut got = Packet::default();
            let before = other.receive_now(&mut got)?;
            one.send(&mut packet(&[0, 7], []))?;
            Ok::<_, Error>((before, other.receive_now(&mut got)?, got.bytes))
        });
        assert_eq!(there.expect("no call fails"), (false, true, vec![0, 7]));
    }

    #[test]
    fn an_end_that_was_closed_with_a_message_unread_is_closed_like_any() {
        let there = in_time(|| {
            let (one, other) = pair();
            one.send(&mut packet(&[0], [])).expect("send");
            drop(other);
            one.receive(&mut Packet::default())
        });
        assert!(!there.expect("it is no error"));
    }

    #[test]
    fn a_long_message_is_read_from_a_file_and_from_nothing_else() {
        in_time(|| {
            let (one, other) = pair();
            let mut got = Packet::default();
            let long = vec![7; LONGEST + 1];
            one.send(&mut packet(&long, [])).expect("send");
            assert!(other.receive(&mut got).expect("receive") && got.bytes == long);
            // As long as fits into a packet.
            let mut longest = packet(&long[1..], []);
            one.send(&mut longest).expect("send");
            assert!(longest.descriptors.is_empty(), "it went in a file");
            assert!(other.receive(&mut got).expect("receive") && got.bytes == long[1..]);
            for files in [vec![], vec![nix::unistd::pipe().expect("make a pipe").0]] {
                one.send(&mut packet(&[IN_FILE], files)).expect("send");
                assert!(matches!(other.receive(&mut got), Err(Error::System { .. })));
            }
        });
    }

    #[test]
    fn a_workers_socket_is_told_from_others() {
        assert!(is_packet_socket(&pair().0.0));
        assert!(!is_packet_socket(&UnixStream::pair().expect("open a pair").0));
        assert!(!is_packet_socket(&File::open("/dev/null").expect("open")));
    }
}
