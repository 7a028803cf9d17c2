//! System calls that a signal may interrupt.

use nix::errno::Errno;

/// Makes a call again as long as a signal has interrupted it (signal(7)).
pub(super) fn retry<R>(mut call: impl FnMut() -> nix::Result<R>) -> nix::Result<R> {
    loop {
        match call() {
            Err(Errno::EINTR) => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_call_is_made_again() {
        let mut answers = [Err(Errno::EINTR), Err(Errno::EINTR), Ok(7)].into_iter();
        assert_eq!(retry(|| answers.next().expect("no call follows")), Ok(7));
    }
}
