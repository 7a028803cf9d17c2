//! Threads, signals and time of the checker, with the names and the calls of `lab/src/sync.rs`.

use std::{collections::BTreeMap, io, iter, mem, ops::Deref, sync::Arc};

pub(crate) use shuttle::{
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread,
};
pub(crate) use std::io::sink as stderr;

pub(crate) use super::runtime;
pub(crate) use crate::process::LazyLock;
use crate::process::{Object, lot};

pub(crate) const SIGINT: i32 = 2;

static PROGRAM: LazyLock<Arc<Object<Program>>> = LazyLock::new(|| Object::new(Program::default()));

#[derive(Default)]
struct Program {
    /// What is done when the signal comes, in this order.
    actions: BTreeMap<SigId, Action>,
    registered: usize,
    /// Handlers at work.
    handling: usize,
    end: Option<End>,
}

type Action = Arc<dyn Fn() + Send + Sync>;

/// How the program ended. Its threads go on here, but nothing that they do counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// By Ctrl-C, with the system's answer.
    Signal,
    /// By itself, with this code.
    Exit(i32),
}

/// How it ended, if it has.
pub fn ended() -> Option<End> {
    PROGRAM.change(|program| program.end)
}

fn end(how: End) {
    PROGRAM.change(|program| program.end = program.end.or(Some(how)));
}

pub(crate) fn exit(code: i32) {
    end(End::Exit(code));
}

/// Ctrl-C, handled on this thread, as the system may take any. By lot others go on for a while before one of its
/// actions.
pub fn raise() {
    let actions = PROGRAM.change(|program| {
        program.handling += 1;
        (program.registered > 0).then(|| program.actions.values().cloned().collect::<Vec<_>>())
    });
    match actions {
        Some(actions) => {
            let slow = lot(1 + 2 * actions.len());
            for (number, action) in actions.iter().enumerate() {
                (0..if number == slow { 30 } else { 0 }).for_each(|_| thread::yield_now());
                action();
            }
        }
        None => end(End::Signal),
    }
    PROGRAM.change(|program| program.handling -= 1);
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SigId(usize);

/// As signal-hook, this and [`unregister`] wait for the handlers that still have the former actions.
fn register(action: impl Fn() + Send + Sync + 'static) -> io::Result<SigId> {
    let id = PROGRAM.change(|program| {
        program.registered += 1;
        program.actions.insert(SigId(program.registered), Arc::new(action));
        SigId(program.registered)
    });
    wait_for_handlers();
    Ok(id)
}

pub(crate) fn unregister(id: SigId) -> bool {
    let was_there = PROGRAM.change(|program| program.actions.remove(&id).is_some());
    wait_for_handlers();
    was_there
}

fn wait_for_handlers() {
    PROGRAM.call(|program| (program.handling == 0).then_some(()));
}

pub(crate) mod flag {
    use super::{AtomicBool, Deref, End, SeqCst, SigId, end, io};

    pub trait Flag: Deref<Target = AtomicBool> + Send + Sync + 'static {}

    impl<T: Deref<Target = AtomicBool> + Send + Sync + 'static> Flag for T {}

    pub fn register(_: i32, flag: impl Flag) -> io::Result<SigId> {
        super::register(move || flag.store(true, SeqCst))
    }

    pub fn register_conditional_shutdown(
        _: i32,
        status: i32,
        condition: impl Flag,
    ) -> io::Result<SigId> {
        end_if(condition, End::Exit(status))
    }

    pub fn register_conditional_default(_: i32, condition: impl Flag) -> io::Result<SigId> {
        end_if(condition, End::Signal)
    }

    fn end_if(condition: impl Flag, how: End) -> io::Result<SigId> {
        super::register(move || {
            if condition.load(SeqCst) {
                end(how);
            }
        })
    }
}

/// What came and was not asked for.
#[derive(Default)]
struct Pending {
    is_there: bool,
    is_closed: bool,
}

struct Delivery {
    pending: Arc<Object<Pending>>,
    id: SigId,
}

pub(crate) struct Signals(Handle);

#[derive(Clone)]
pub(crate) struct Handle(Arc<Delivery>);

impl Signals {
    pub fn new(_: [i32; 1]) -> io::Result<Signals> {
        let pending = Object::new(Pending::default());
        let delivered = Arc::clone(&pending);
        let id = register(move || delivered.change(|pending| pending.is_there = true))?;
        Ok(Signals(Handle(Arc::new(Delivery { pending, id }))))
    }

    pub fn handle(&self) -> Handle {
        self.0.clone()
    }

    /// Over as soon as it is closed, whatever is pending: as signal-hook's.
    pub fn forever(&mut self) -> impl Iterator<Item = i32> {
        iter::from_fn(|| {
            self.0.0.pending.call(|pending| match pending.is_closed {
                true => Some(None),
                false => pending.take().map(Some),
            })
        })
    }

    pub fn pending(&mut self) -> impl Iterator<Item = i32> {
        self.0.0.pending.change(Pending::take).into_iter()
    }
}

impl Pending {
    fn take(&mut self) -> Option<i32> {
        mem::take(&mut self.is_there).then_some(SIGINT)
    }
}

impl Handle {
    pub fn close(&self) {
        self.0.pending.change(|pending| pending.is_closed = true);
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        unregister(self.id);
    }
}

pub(crate) mod mpsc {
    use std::time::Duration;

    pub use shuttle::sync::mpsc::{RecvTimeoutError, Sender};
    use shuttle::{
        sync::mpsc::{self, TryRecvError},
        thread::yield_now,
    };

    pub struct Receiver<T>(mpsc::Receiver<T>);

    pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
        let (sender, receiver) = mpsc::channel();
        (sender, Receiver(receiver))
    }

    impl<T> Receiver<T> {
        /// Looks once in two milliseconds, and lets the others go on meanwhile.
        pub fn recv_timeout(&self, within: Duration) -> Result<T, RecvTimeoutError> {
            for _ in 0..within.as_millis() / 2 {
                match self.0.try_recv() {
                    Ok(value) => return Ok(value),
                    Err(TryRecvError::Disconnected) => return Err(RecvTimeoutError::Disconnected),
                    Err(TryRecvError::Empty) => yield_now(),
                }
            }
            Err(RecvTimeoutError::Timeout)
        }
    }
}
