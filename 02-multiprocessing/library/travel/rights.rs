//! Receives messages with the descriptors that the kernel opened for them. One of the files with `unsafe`.
#![allow(unsafe_code)]

use std::mem::zeroed;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};

use nix::errno::Errno;
use nix::sys::socket::MsgFlags;

use crate::travel::descriptor::{Descriptor, MOST};

/// Where recvmsg(2) puts the descriptors of a message. Room for as many as one may carry, in words, because the kernel's
/// headers in it must be aligned.
pub(crate) struct Control(Vec<u64>);

impl Default for Control {
    fn default() -> Control {
        // SAFETY: CMSG_SPACE(3) only computes.
        let bytes = unsafe { libc::CMSG_SPACE((MOST * size_of::<RawFd>()) as libc::c_uint) };
        Control(vec![0; (bytes as usize).div_ceil(size_of::<u64>())])
    }
}

/// Receives a message into `bytes` and gives its length; its descriptors are appended to `list`.
///
/// Not nix's recvmsg: where the kernel had to drop some descriptors, that one refuses to name those that did come, and
/// they would stay open for ever.
///
/// # Errors
/// `EMFILE` if some were dropped, as they are where this process may open no more files; those that came are closed.
pub(crate) fn receive(
    socket: &impl AsFd,
    flags: MsgFlags,
    bytes: &mut [u8],
    control: &mut Control,
    list: &mut Vec<Descriptor>,
) -> nix::Result<usize> {
    let mut room = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    // SAFETY: msghdr is made of numbers and pointers, for which zero is a value.
    let mut message: libc::msghdr = unsafe { zeroed() };
    message.msg_iov = &raw mut room;
    message.msg_iovlen = 1;
    message.msg_control = control.0.as_mut_ptr().cast();
    message.msg_controllen = size_of_val(control.0.as_slice()) as _;
    let flags = (flags | MsgFlags::MSG_CMSG_CLOEXEC).bits();
    let socket = socket.as_fd().as_raw_fd();
    // SAFETY: `message` names two buffers with their lengths, and both are ours alone until this function returns.
    let length = Errno::result(unsafe { libc::recvmsg(socket, &raw mut message, flags) })?;

    let before = list.len();
    // SAFETY: recvmsg has written the control buffer as far as `message` now says, and the buffer is aligned.
    let mut header = unsafe { libc::CMSG_FIRSTHDR(&raw const message) };
    while !header.is_null() {
        // SAFETY: a header in the control buffer.
        let libc::cmsghdr { cmsg_len, cmsg_level, cmsg_type, .. } = unsafe { header.read() };
        if (cmsg_level, cmsg_type) == (libc::SOL_SOCKET, libc::SCM_RIGHTS) {
            // SAFETY: CMSG_LEN(3) only computes, and a header's data is in the buffer too.
            let (head, first) = unsafe { (libc::CMSG_LEN(0), libc::CMSG_DATA(header)) };
            let first: *const RawFd = first.cast();
            for position in 0..(cmsg_len - head as usize) / size_of::<RawFd>() {
                // SAFETY: by its length, the header is followed by so many descriptors. recvmsg has just opened them for
                // us, and nothing else in this process knows them.
                let file = unsafe { OwnedFd::from_raw_fd(first.add(position).read()) };
                list.push(file.into());
            }
        }
        // SAFETY: a header in the control buffer of `message`.
        header = unsafe { libc::CMSG_NXTHDR(&raw const message, header) };
    }
    if message.msg_flags & libc::MSG_CTRUNC != 0 {
        list.truncate(before);
        return Err(Errno::EMFILE);
    }
    Ok(length as usize)
}
