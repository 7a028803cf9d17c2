//! Takes ownership of descriptors that came with a message. One of the two files with `unsafe`.
#![allow(unsafe_code)]

use std::os::fd::{FromRawFd, OwnedFd};

use nix::sys::socket::{ControlMessageOwned, RecvMsg};

use crate::descriptor::Descriptor;
use crate::{Error, Result};

/// Room for the control message with as many descriptors as the kernel lets one message carry.
pub(crate) fn control_buffer() -> Vec<u8> {
    nix::cmsg_space!([std::os::fd::RawFd; crate::socket::MAX_DESCRIPTORS])
}

/// Appends the descriptors of a message that recvmsg(2) has just filled in to `list`.
///
/// # Errors
/// [`Error::System`] if the kernel had to drop some, which it does where this process may open no more files.
pub(crate) fn adopt<S>(message: &RecvMsg<'_, '_, S>, list: &mut Vec<Descriptor>) -> Result<()> {
    let parts = message.cmsgs().map_err(|_| Error::System {
        doing: "take over the descriptors of a message",
        source: std::io::Error::other("too many open files in this process (ulimit -n)"),
    })?;
    for part in parts {
        if let ControlMessageOwned::ScmRights(files) = part {
            for file in files {
                // SAFETY: recvmsg has just opened this descriptor for us and nothing else in this process knows its
                // number; each message is adopted once, by the one caller of this function.
                list.push(unsafe { OwnedFd::from_raw_fd(file) }.into());
            }
        }
    }
    Ok(())
}
