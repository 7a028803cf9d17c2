//! Tells one of those who wait that something has been given back.

use std::os::fd::{AsFd, OwnedFd};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::unistd::{read, write};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::travel::descriptor::Descriptor;

/// A number of news. It is an eventfd(2), readable while there are some; who reads takes all there are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct News(Descriptor);

impl News {
    pub fn none() -> Result<News> {
        let file = EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)
            .map_err(Error::system("open an event descriptor"))?;
        Ok(News(OwnedFd::from(file).into()))
    }

    pub fn tell(&self) {
        // It can only fail when the number is full, and then it is readable anyway.
        let _ = write(&self.0, &1u64.to_ne_bytes());
    }

    /// Waits for news, at most so many milliseconds, and takes them. Whether there were some; it may return early.
    pub fn hear(&self, limit: u8) -> Result<bool> {
        let mut file = [PollFd::new(self.0.as_fd(), PollFlags::POLLIN)];
        let news = poll(&mut file, limit);
        match news.and_then(|_| read(&self.0, &mut [0; 8])) {
            Ok(_) => Ok(true),
            // Too late, or somebody else has read them.
            Err(Errno::EAGAIN | Errno::EINTR) => Ok(false),
            Err(error) => Err(Error::system("wait for a permit")(error)),
        }
    }

    /// Whether somebody has taken all there were.
    #[cfg(test)]
    pub fn are_heard(&self) -> Result<bool> {
        let mut file = [PollFd::new(self.0.as_fd(), PollFlags::POLLIN)];
        poll(&mut file, 0_u8).map(|ready| ready == 0).map_err(Error::system("look for news"))
    }
}

#[cfg(test)]
mod tests {
    use lab::in_time;

    use super::*;

    #[test]
    fn news_are_heard_once() {
        in_time(|| {
            let news = News::none().expect("open");
            assert!(!news.hear(0).expect("look"));
            news.tell();
            news.tell();
            assert!(news.hear(0).expect("look"));
            assert!(!news.hear(1).expect("look"));
        });
    }
}
