//! An event loop, of which `main` is a thread of the checker, and no other task has more to do than to have its turn.

use std::{future::poll_fn, io, pin::pin, sync::Arc, task::Waker};

use shuttle::{future::block_on, thread::yield_now};

use crate::process::{Object, lot};

#[derive(Default)]
struct Tasks {
    spawned: usize,
    finished: usize,
    waker: Option<Waker>,
}

#[derive(Clone)]
pub(crate) struct Handle(Arc<Object<Tasks>>);

pub(crate) struct Runtime(Handle);

pub(crate) struct Builder;

pub(crate) struct Task {
    number: usize,
    event_loop: Handle,
}

impl Builder {
    pub fn new_current_thread() -> Builder {
        Builder
    }

    pub fn enable_all(&mut self) -> &mut Builder {
        self
    }

    pub fn event_interval(&mut self, _: u32) -> &mut Builder {
        self
    }

    pub fn build(&mut self) -> io::Result<Runtime> {
        Ok(Runtime(Handle(Object::new(Tasks::default()))))
    }
}

impl Runtime {
    pub fn handle(&self) -> &Handle {
        &self.0
    }

    pub fn block_on<F: Future>(&self, main: F) -> F::Output {
        let mut main = pin!(main);
        block_on(poll_fn(|context| {
            self.0.0.change(|tasks| tasks.waker = Some(context.waker().clone()));
            let done = main.as_mut().poll(context);
            if done.is_pending() {
                self.0.take_turns();
            }
            done
        }))
    }

    /// Drops the tasks one after the other, which may take as long.
    pub fn shutdown_background(self) {
        (0..60 * lot(2)).for_each(|_| yield_now());
        self.0.0.change(|tasks| tasks.finished = usize::MAX);
    }
}

impl Handle {
    pub fn spawn(&self, _: impl Future<Output = ()>) -> Task {
        let (number, waker) = self.0.change(|tasks| {
            tasks.spawned += 1;
            (tasks.spawned, tasks.waker.take())
        });
        waker.into_iter().for_each(Waker::wake);
        Task { number, event_loop: self.clone() }
    }

    /// By lot there are so many tasks that it takes longer than the patience of who waits for the end.
    fn take_turns(&self) {
        for _ in 0..=60 * lot(2) {
            self.0.change(|tasks| tasks.finished = tasks.spawned);
            yield_now();
        }
    }
}

impl Task {
    pub fn is_finished(&self) -> bool {
        self.event_loop.0.change(|tasks| tasks.finished >= self.number)
    }
}
