//! A Unix socket that keeps messages whole.

use std::cell::RefCell;
use std::fs::File;
use std::io::{IoSlice, IoSliceMut, Read};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::socket::{self as sys, AddressFamily, ControlMessage, MsgFlags, SockFlag, SockType};
use serde::{Deserialize, Serialize};

use crate::descriptor::Descriptor;
use crate::packet::Packet;
use crate::{Error, Result, rights, worker};

/// `SCM_MAX_FD`, unix(7).
pub(crate) const MAX_DESCRIPTORS: usize = 253;

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
    control: Vec<u8>,
}

thread_local! {
    static INBOX: RefCell<Inbox> =
        RefCell::new(Inbox { bytes: vec![0; LONGEST], control: rights::control_buffer() });
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
        if count > MAX_DESCRIPTORS {
            return Err(Error::TooManyDescriptors { count, limit: MAX_DESCRIPTORS });
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
        loop {
            let sent = if packet.descriptors.is_empty() {
                sys::send(self.0.raw(), wire, MsgFlags::MSG_NOSIGNAL)
            } else {
                let files: Vec<_> = packet.descriptors.iter().map(Descriptor::raw).collect();
                let rights = [ControlMessage::ScmRights(&files)];
                sys::sendmsg::<()>(
                    self.0.raw(),
                    &[IoSlice::new(wire)],
                    &rights,
                    MsgFlags::MSG_NOSIGNAL,
                    None,
                )
            };
            match sent {
                Ok(_) => return Ok(()),
                Err(Errno::EINTR) => {}
                Err(Errno::EPIPE | Errno::ECONNRESET) => return Err(worker::nobody_left()),
                Err(error) => return Err(Error::system("send a message")(error)),
            }
        }
    }

    /// Waits for a packet. `false` once the other end is closed everywhere and everything sent has been read.
    pub fn receive(&self, packet: &mut Packet) -> Result<bool> {
        Ok(self.receive_with(packet, MsgFlags::empty())?.unwrap_or(false))
    }

    /// As [`receive`](Socket::receive), but `None` when `timeout` has passed.
    pub fn receive_timeout(&self, packet: &mut Packet, timeout: Duration) -> Result<Option<bool>> {
        let deadline = Instant::now().checked_add(timeout);
        loop {
            // Another reader may be quicker than this one between poll and receive.
            if let Some(answer) = self.receive_with(packet, MsgFlags::MSG_DONTWAIT)? {
                return Ok(Some(answer));
            }
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Ok(None);
            }
            wait_readable(&self.0, left)?;
        }
    }

    /// A packet that is there already.
    pub fn receive_now(&self, packet: &mut Packet) -> Result<bool> {
        Ok(self.receive_with(packet, MsgFlags::MSG_DONTWAIT)?.unwrap_or(false))
    }

    fn receive_with(&self, packet: &mut Packet, flags: MsgFlags) -> Result<Option<bool>> {
        packet.bytes.clear();
        packet.descriptors.clear();
        let flags = flags | MsgFlags::MSG_CMSG_CLOEXEC;
        let length = INBOX.with_borrow_mut(|Inbox { bytes, control }| {
            loop {
                match sys::recvmsg::<()>(
                    self.0.raw(),
                    &mut [IoSliceMut::new(bytes)],
                    Some(control),
                    flags,
                ) {
                    Ok(message) => {
                        let length = message.bytes;
                        rights::adopt(&message, &mut packet.descriptors)?;
                        packet.bytes.extend_from_slice(&bytes[..length]);
                        return Ok(Some(length));
                    }
                    Err(Errno::EINTR) => {}
                    Err(Errno::EAGAIN) => return Ok(None),
                    // The other end was closed with a message from us unread.
                    Err(Errno::ECONNRESET) => return Ok(Some(0)),
                    Err(error) => return Err(Error::system("receive a message")(error)),
                }
            }
        })?;
        let Some(length) = length else { return Ok(None) };
        if packet.bytes.first() == Some(&IN_FILE) {
            let file = packet.descriptors.pop().ok_or(Error::System {
                doing: "receive a long message",
                source: std::io::ErrorKind::InvalidData.into(),
            })?;
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
        while nix::poll::poll(&mut ends, PollTimeout::NONE) == Err(Errno::EINTR) {}
    }
}

impl From<OwnedFd> for Socket {
    fn from(end: OwnedFd) -> Socket {
        Socket(end.into())
    }
}

/// Waits until `file` can be read, at most `timeout`; may return early.
pub(crate) fn wait_readable(file: &impl AsFd, timeout: Option<Duration>) -> Result<()> {
    match nix::poll::poll(
        &mut [PollFd::new(file.as_fd(), PollFlags::POLLIN)],
        poll_timeout(timeout),
    ) {
        Ok(_) | Err(Errno::EINTR) => Ok(()),
        Err(error) => Err(Error::system("wait for a message")(error)),
    }
}

/// Rounded up to whole milliseconds, so that the last wait is not a busy one.
pub(crate) fn poll_timeout(timeout: Option<Duration>) -> PollTimeout {
    match timeout {
        None => PollTimeout::NONE,
        Some(left) => PollTimeout::try_from(
            left.as_millis() + u128::from(left.subsec_nanos() % 1_000_000 > 0),
        )
        .unwrap_or(PollTimeout::MAX),
    }
}

/// Whether a file is a socket of the kind a worker gets as its standard input.
pub(crate) fn is_packet_socket(file: &impl AsFd) -> bool {
    let file = file.as_fd();
    sys::getsockopt(&file, sys::sockopt::SockType).is_ok_and(|kind| kind == SockType::SeqPacket)
        && file.as_raw_fd() >= 0
}
