//! Wakes whoever waits for a change in shared memory, and tells when nobody is left who could ring.

use std::os::fd::AsFd;

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::{pipe2, read, write};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::travel::descriptor::Descriptor;
use crate::travel::retry::retry;

/// Where a bell is rung.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rope(Descriptor);

/// Where a bell is heard, by all who listen and until it is silenced.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Bell(Descriptor);

/// A silent bell. It is a pipe: that it rings is a byte in it, and the kernel notes when the last rope is gone.
pub(crate) fn bell() -> Result<(Bell, Rope)> {
    let (bell, rope) =
        pipe2(OFlag::O_NONBLOCK | OFlag::O_CLOEXEC).map_err(Error::system("open a pipe"))?;
    Ok((Bell(bell.into()), Rope(rope.into())))
}

impl Rope {
    pub fn ring(&self) -> Result<()> {
        match retry(|| write(&self.0, &[0])) {
            // It rings already; or nobody is there to hear.
            Ok(_) | Err(Errno::EAGAIN | Errno::EPIPE) => Ok(()),
            Err(error) => Err(Error::system("wake a process")(error)),
        }
    }
}

impl Bell {
    pub fn silence(&self) -> Result<()> {
        match retry(|| read(&self.0, &mut [0; 64])) {
            Ok(_) | Err(Errno::EAGAIN) => Ok(()),
            Err(error) => Err(Error::system("wait for a process")(error)),
        }
    }

    /// Waits until it rings or the last rope is gone; may return early. Whether the last rope is gone.
    pub fn wait(&self) -> Result<bool> {
        self.look(PollTimeout::NONE)
    }

    /// Whether the last rope is gone.
    pub fn has_no_rope(&self) -> Result<bool> {
        self.look(PollTimeout::ZERO)
    }

    fn look(&self, timeout: PollTimeout) -> Result<bool> {
        let mut file = [PollFd::new(self.0.as_fd(), PollFlags::POLLIN)];
        match poll(&mut file, timeout) {
            // It may ring as well: a byte that nobody has needed to silence outlives the ropes.
            Ok(_) | Err(Errno::EINTR) => {
                Ok(file[0].revents().is_some_and(|news| news.contains(PollFlags::POLLHUP)))
            }
            Err(error) => Err(Error::system("wait for a process")(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use lab::in_time;

    use super::*;

    fn rings(bell: &Bell) -> bool {
        let mut file = [PollFd::new(bell.0.as_fd(), PollFlags::POLLIN)];
        poll(&mut file, PollTimeout::ZERO).expect("look") > 0
    }

    #[test]
    fn it_rings_until_it_is_silenced_and_lasts_as_long_as_its_ropes() {
        in_time(|| -> Result<()> {
            let (bell, rope) = bell()?;
            let other = rope.clone();
            assert!(!rings(&bell));
            rope.ring()?;
            other.ring()?;
            assert!(rings(&bell) && rings(&bell));
            assert!(!bell.wait()?, "there are two ropes");
            bell.silence()?;
            assert!(!rings(&bell));
            bell.silence()?;
            drop(rope);
            assert!(!bell.has_no_rope()?, "there is one");
            drop(other);
            // Waits first: a process that another test just starts has the rope too, until it runs its program.
            assert!(bell.wait()? && bell.has_no_rope()?);
            Ok(())
        })
        .expect("no call fails");
    }

    /// More often than there are bytes in a pipe, and where nobody hears it.
    #[test]
    fn it_can_always_be_rung() {
        in_time(|| -> Result<()> {
            let (bell, rope) = bell()?;
            (0..70_000).try_for_each(|_| rope.ring())?;
            drop(bell);
            rope.ring()
        })
        .expect("no call fails");
    }
}
