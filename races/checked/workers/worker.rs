//! A worker process: a thread of the checker that obeys its parent.

use std::{cell::Cell, io, sync::Arc};

use crate::{
    error::Result,
    exit::Exit,
    process::{self, Doom, Object},
    travel::{
        packet::{self, Packet},
        socket::Socket,
    },
    workers::{
        items::{answer, many},
        wire::Order,
    },
};

thread_local! {
    static FUSE: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Has the next worker that is started be killed after so many steps.
pub fn kill_next_after(steps: usize) {
    FUSE.set(Some(steps));
}

/// The parent's handle of a worker.
pub(crate) struct Child {
    doom: Doom,
    wake: Box<dyn Fn() + Send>,
    ended: Arc<Object<Option<Exit>>>,
}

impl Child {
    pub fn id(&self) -> u32 {
        1
    }

    pub fn kill(&mut self) -> io::Result<()> {
        self.doom.seal();
        (self.wake)();
        Ok(())
    }

    pub fn wait(&mut self) -> io::Result<Exit> {
        Ok(self.ended.call(|ended| *ended))
    }
}

pub(crate) fn launch(_: &str) -> Result<(Child, Socket)> {
    let (ours, theirs) = Socket::pair()?;
    let (doom, ended) = (Doom::default(), Object::new(None));
    let wake = Box::new(theirs.waker());
    let worker = process::spawn_doomed(FUSE.take(), doom.clone(), move || {
        let _ = work(&theirs);
    });
    let at_end = Arc::clone(&ended);
    shuttle::thread::spawn(move || {
        let exit = match worker.join() {
            Ok(true) => Exit::Code(0),
            _ => Exit::Signal(9),
        };
        at_end.change(|ended| *ended = Some(exit));
    });
    Ok((Child { doom, wake, ended }, ours))
}

/// As `work` of `02-multiprocessing/library/workers/worker.rs`.
fn work(parent: &Socket) -> Result<()> {
    let (mut input, mut output) = (Packet::default(), Packet::default());
    while parent.receive(&mut input)? {
        let goes_on = input.read(|bytes| match packet::take(bytes, "an order")? {
            Order::Many { task, sequence, items, chunk } => {
                many(&task, sequence, items, chunk, bytes, &mut output)?;
                answer(parent, sequence, &task, &mut output).map(|()| true)
            }
            Order::Once { .. } | Order::Exit => Ok(false),
        })?;
        if !goes_on {
            break;
        }
    }
    Ok(())
}
