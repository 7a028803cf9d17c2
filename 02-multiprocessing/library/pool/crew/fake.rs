//! A crew whose one worker is the test.

use std::process::Command;
use std::sync::Arc;

use super::{Crew, Mutex, Socket, Worker};

/// A crew of one, and where its worker gets orders and replies.
pub(super) fn crew() -> (Arc<Crew>, Socket) {
    let (ours, theirs) = Socket::pair().expect("make sockets");
    let child = Command::new("true").spawn().expect("start true(1)");
    let worker = Worker {
        name: "PoolWorker-1".into(),
        pid: child.id(),
        child: Mutex::new(child),
        socket: ours.into(),
    };
    (Arc::new(Crew { workers: vec![worker], ..Crew::default() }), theirs.into())
}
