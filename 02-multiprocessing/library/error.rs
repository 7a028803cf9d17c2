//! What can go wrong between processes.

use std::{fmt, io};

use crate::Exit;

/// The result of every call of this library.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed. Each message says which process, what it was doing and what to do.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// [`init`](crate::init) was not called before a process, pool or manager was started.
    NotInitialised,
    /// The function is not in the table that `init` filled.
    NotRegistered {
        /// The function's path.
        task: &'static str,
    },
    /// A task panicked; the worker of a pool goes on, the process of a [`Process`](crate::Process) ends with code 1.
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
    WorkerDied {
        /// The name of the process.
        worker: String,
        /// Its process id.
        pid: u32,
        /// How it ended.
        exit: Exit,
    },
    /// The pool lost a worker, or the manager its server, in an earlier call; start a new one.
    Broken {
        /// What happened then.
        reason: String,
    },
    /// A process ended, or a thread panicked, while it held the lock: the value may be half changed.
    /// Every later `lock` says so until [`Shared::recover`](crate::Shared::recover).
    OwnerDied {
        /// The holder, where it had time to write its process id down.
        pid: Option<u32>,
    },
    /// The lock is held by the very thread that asks for it.
    Deadlock,
    /// Nobody is left at the other end of the queue or pipe.
    Closed,
    /// One message may carry 253 descriptors (`SCM_MAX_FD` in unix(7)).
    TooManyDescriptors {
        /// How many the message would have needed.
        count: usize,
        /// How many it may carry.
        limit: usize,
    },
    /// A value could not be turned into bytes or back.
    Encoding {
        /// Which value.
        what: &'static str,
        /// serde's or postcard's reason.
        source: postcard::Error,
    },
    /// The operating system refused.
    System {
        /// What was asked of it.
        doing: &'static str,
        /// Its answer.
        source: io::Error,
    },
}

impl Error {
    /// For `map_err`: a system call's error with what was being done.
    pub(crate) fn system<E: Into<io::Error>>(doing: &'static str) -> impl FnOnce(E) -> Error {
        move |source| Error::System { doing, source: source.into() }
    }

    pub(crate) fn encoding(what: &'static str) -> impl FnOnce(postcard::Error) -> Error {
        move |source| Error::Encoding { what, source }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotInitialised => {
                write!(
                    out,
                    "no process can be started yet: call multiprocessing::init first thing in main"
                )
            }
            Error::NotRegistered { task } => {
                write!(
                    out,
                    "`{task}` cannot run in a process: it is not in the table given to multiprocessing::init"
                )
            }
            Error::WorkerPanicked { worker, item, location, message } => {
                write!(out, "{worker} panicked ")?;
                if let Some(item) = item {
                    write!(out, "on item {item} ")?;
                }
                write!(out, "at {location}: {message}")
            }
            Error::WorkerDied { worker, pid, exit } => {
                write!(out, "{worker} (pid {pid}) ended early with {exit}")
            }
            Error::Broken { reason } => write!(out, "unusable since {reason}; start a new one"),
            Error::OwnerDied { pid } => {
                match pid {
                    Some(pid) => write!(out, "process {pid} ended")?,
                    None => write!(out, "a process ended")?,
                }
                write!(out, " while it held the lock; check the value and call recover")
            }
            Error::Deadlock => write!(out, "this thread already holds the lock that it asks for"),
            Error::Closed => write!(out, "nobody is left at the other end"),
            Error::TooManyDescriptors { count, limit } => write!(
                out,
                "{count} descriptors (queues, pipes, shared values …) in one message, which can carry {limit}; send fewer at a time"
            ),
            Error::Encoding { what, source } => {
                write!(out, "cannot encode or decode {what}: {source}")
            }
            Error::System { doing, source } => write!(out, "cannot {doing}: {source}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Encoding { source, .. } => Some(source),
            Error::System { source, .. } => Some(source),
            _ => None,
        }
    }
}
