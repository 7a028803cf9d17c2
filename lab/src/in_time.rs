//! For tests that could wait for ever.

use std::{
    panic,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

/// Far more than any such test takes: it ends a hang, it does not measure.
const LIMIT: Duration = Duration::from_secs(20);

/// What `work` gives.
///
/// # Panics
/// If `work` does, or is not done in 20 s: then its thread is left to itself.
pub fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    done_in(LIMIT, work)
}

fn done_in<T: Send + 'static>(limit: Duration, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (tell, told) = mpsc::channel();
    let worker = thread::spawn(move || tell.send(work()));
    match told.recv_timeout(limit) {
        Ok(done) => done,
        Err(RecvTimeoutError::Timeout) => panic!("it hangs: not done in {limit:?}"),
        Err(RecvTimeoutError::Disconnected) => match worker.join() {
            Err(panic) => panic::resume_unwind(panic),
            Ok(_) => unreachable!("it has told nothing, so it has panicked"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_given() {
        assert_eq!(in_time(|| 7), 7);
    }

    #[test]
    #[should_panic(expected = "on purpose")]
    fn a_panic_is_passed_on() {
        in_time::<()>(|| panic!("on purpose"));
    }

    #[test]
    #[should_panic(expected = "it hangs")]
    fn a_hang_is_named() {
        done_in(Duration::from_millis(1), || thread::sleep(Duration::from_secs(5)));
    }
}
