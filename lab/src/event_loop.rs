//! The counterpart of `asyncio.run`.

use std::{process, thread, time::Duration};

use anyhow::{Context, Result};
use tokio::{
    runtime::{Builder, Runtime},
    signal::unix::{Signal, SignalKind, signal},
    sync::oneshot,
};

use crate::Interrupted;

/// How long an event loop has to end after Ctrl-C before it is ended.
const PATIENCE: Duration = Duration::from_millis(100);

/// Runs `main` on an event loop of one thread, the caller's, until it is done or Ctrl-C comes.
///
/// Either way the tasks that are left are cancelled: each is dropped where it waits. A call of
/// `spawn_blocking` cannot be cancelled; it ends with the program.
///
/// # Errors
/// Those of `main`, and [`Interrupted`].
pub fn run<T>(main: impl Future<Output = Result<T>>) -> Result<T> {
    let event_loop = one_thread()?;
    let (interrupt, interrupted) = oneshot::channel();
    let listener = one_thread()?;
    let ctrl_c = {
        let _enter = listener.enter();
        signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?
    };
    thread::Builder::new()
        .name("ctrl-c".into())
        .spawn(move || on_ctrl_c(&listener, ctrl_c, interrupt))
        .context("cannot start the thread that waits for Ctrl-C")?;
    let done = event_loop.block_on(async {
        tokio::select! {
            done = main => done,
            Ok(()) = interrupted => Err(Interrupted.into()),
        }
    });
    event_loop.shutdown_background();
    done
}

/// As in asyncio, what is ready is run before the system is asked what else is; tokio would ask after
/// every 61 polls, which at 1,000 connections costs a client a sixth of its time.
fn one_thread() -> Result<Runtime> {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().event_interval(1024).build().context("cannot start an event loop")
}

/// On a thread of its own, because a task that blocks the event loop keeps it from listening.
fn on_ctrl_c(listener: &Runtime, mut ctrl_c: Signal, interrupt: oneshot::Sender<()>) {
    if listener.block_on(ctrl_c.recv()).is_some() {
        let _ = interrupt.send(());
        thread::sleep(PATIENCE);
        eprintln!("error: interrupted; a task was blocking the event loop");
        process::exit(130);
    }
}
