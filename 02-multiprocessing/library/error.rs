//! What can go wrong between processes.

use std::io;

use crate::exit::Exit;

/// The result of every call of this library.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed. Each message says which process, what it was doing and what to do, and has the reason in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// [`init`](crate::init) was not called before a process, pool or manager was started.
    #[error("no process can be started yet: call multiprocessing::init first thing in main")]
    NotInitialised,
    /// The function is not in the table that `init` filled.
    #[error(
        "`{task}` cannot run in a process: it is not in the table given to multiprocessing::init"
    )]
    NotRegistered {
        /// The function's path.
        task: &'static str,
    },
    /// A task panicked; the worker of a pool goes on, the process of a [`Process`](crate::Process) ends with code 1.
    #[error("{worker} panicked {}at {location}: {message}", on(*.item))]
    WorkerPanicked {
        /// The name of the process.
        worker: String,
        /// The position of the item among those mapped; `None` for a `Process` or `submit`.
        item: Option<usize>,
        /// File, line and column of the panic.
        location: String,
        /// The text of the panic.
        message: String,
    },
    /// A process was killed or ended with a code other than 0.
    #[error("{worker} (pid {pid}) ended early with {exit}")]
    WorkerDied {
        /// The name of the process.
        worker: String,
        /// Its process id.
        pid: u32,
        /// How it ended.
        exit: Exit,
    },
    /// The pool lost a worker, or the manager its server, in an earlier call; start a new one.
    #[error("unusable since {reason}; start a new one")]
    Broken {
        /// What happened then.
        reason: String,
    },
    /// A process ended, or a thread panicked, while it held the lock: the value may be half changed.
    /// Every later `lock` says so until [`Shared::recover`](crate::Shared::recover).
    #[error("{} ended while it held the lock; check the value and call recover", holder(*.pid))]
    OwnerDied {
        /// The holder, where it had time to write its process id down.
        pid: Option<u32>,
    },
    /// The lock is held by the very thread that asks for it.
    #[error("this thread already holds the lock that it asks for")]
    Deadlock,
    /// Nobody is left at the other end of the queue or pipe.
    #[error("nobody is left at the other end")]
    Closed,
    /// One message may carry 253 descriptors (`SCM_MAX_FD` in unix(7)).
    #[error(
        "{count} descriptors (queues, pipes, shared values …) in one message, which can carry {limit}; send fewer at a time"
    )]
    TooManyDescriptors {
        /// How many the message would have needed.
        count: usize,
        /// How many it may carry.
        limit: usize,
    },
    /// A value could not be turned into bytes or back.
    #[error("cannot encode or decode {what}: {reason}")]
    Encoding {
        /// Which value.
        what: &'static str,
        /// serde's or postcard's reason.
        reason: postcard::Error,
    },
    /// The operating system refused.
    #[error("cannot {doing}: {reason}")]
    System {
        /// What was asked of it.
        doing: &'static str,
        /// Its answer.
        reason: io::Error,
    },
}

impl Error {
    /// For `map_err`: a system call's error with what was being done.
    pub(crate) fn system<E: Into<io::Error>>(doing: &'static str) -> impl FnOnce(E) -> Error {
        move |reason| Error::System { doing, reason: reason.into() }
    }

    pub(crate) fn encoding(what: &'static str) -> impl FnOnce(postcard::Error) -> Error {
        move |reason| Error::Encoding { what, reason }
    }
}

fn on(item: Option<usize>) -> String {
    item.map_or_else(String::new, |item| format!("on item {item} "))
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(|| "a process".into(), |pid| format!("process {pid}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_who_and_how() {
        let panicked = |item| {
            let (location, message) = ("a.rs:1:2".into(), "why".into());
            Error::WorkerPanicked { worker: "W".into(), item, location, message }.to_string()
        };
        assert_eq!(panicked(Some(0)), "W panicked on item 0 at a.rs:1:2: why");
        assert_eq!(panicked(None), "W panicked at a.rs:1:2: why");
        let died = |exit| Error::WorkerDied { worker: "W".into(), pid: 7, exit }.to_string();
        assert_eq!(died(Exit::Signal(9)), "W (pid 7) ended early with signal 9 (SIGKILL)");
        assert_eq!(died(Exit::Signal(64)), "W (pid 7) ended early with signal 64");
        assert_eq!(died(Exit::Code(3)), "W (pid 7) ended early with exit code 3");
        let left = |pid| Error::OwnerDied { pid }.to_string();
        assert!(left(Some(7)).starts_with("process 7 ended while"), "{}", left(Some(7)));
        assert!(left(None).starts_with("a process ended while"), "{}", left(None));
    }
}
