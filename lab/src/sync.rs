//! Threads, signals and event loops. `races/checked` puts a checker of schedules in their place, under which `ctrl_c` and
//! `event_loop` run too.

pub(crate) use std::sync::{LazyLock, Mutex, atomic::AtomicBool};
#[cfg(feature = "event-loop")]
pub(crate) use std::{io::stderr, process::exit, sync::mpsc, thread};

#[cfg(feature = "event-loop")]
pub(crate) use signal_hook::iterator::{Handle, Signals};
pub(crate) use signal_hook::{SigId, consts::SIGINT, flag, low_level::unregister};
#[cfg(feature = "event-loop")]
pub(crate) use tokio::runtime;
