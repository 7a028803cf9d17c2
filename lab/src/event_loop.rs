//! The counterpart of `asyncio.run`.

use std::{
    io::Write,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use anyhow::{Context, Result};
use tokio::sync::oneshot;

use super::{
    Interrupted,
    ctrl_c::Claim,
    sync::{
        AtomicBool, Handle, SIGINT, Signals, exit,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
        runtime::{self, Builder, Runtime},
        stderr,
        thread::{self, JoinHandle},
    },
};

/// How long an event loop has to take a turn after Ctrl-C before it counts as blocked, and is ended.
const PATIENCE: Duration = Duration::from_millis(100);

/// How long one that takes turns has to drop its tasks.
const END: Duration = Duration::from_secs(5);

/// Runs `main` on an event loop of one thread, the caller's, until it is done or Ctrl-C comes.
///
/// Either way the tasks that are left are cancelled: each is dropped where it waits. A call of
/// `spawn_blocking` cannot be cancelled; it ends with the program. When this returns, Ctrl-C is the system's again.
///
/// There is one thread, but what `tokio::spawn` takes must be able to move to another on every runtime: an `Arc` can,
/// an `Rc` cannot.
///
/// ```
/// # use std::sync::Arc;
/// lab::event_loop::run(async {
///     let name = Arc::new("Alice");
///     tokio::spawn(async move { tokio::task::yield_now().await; println!("{name}") }).await?;
///     Ok(())
/// })
/// # .unwrap();
/// ```
///
/// ```compile_fail
/// # use std::rc::Rc;
/// lab::event_loop::run(async {
///     let name = Rc::new("Alice");
///     tokio::spawn(async move { tokio::task::yield_now().await; println!("{name}") }).await?;
///     Ok(())
/// })
/// # .unwrap();
/// ```
///
/// # Errors
/// Those of `main`, and [`Interrupted`].
pub fn run<T>(main: impl Future<Output = Result<T>>) -> Result<T> {
    let event_loop = one_thread()?;
    let (interrupt, mut interrupted) = oneshot::channel();
    let heard = Arc::new(AtomicBool::new(false));
    let listener = Listener::start(event_loop.handle().clone(), interrupt, Arc::clone(&heard))?;
    let done = event_loop.block_on(async {
        // Said at once: it may be long before `main` is dropped.
        let interrupted = async { (&mut interrupted).await.map(|()| heard.store(true, Relaxed)) };
        tokio::select! {
            biased;
            Ok(()) = interrupted => Err(Interrupted.into()),
            done = main => done,
        }
    });
    heard.store(true, Relaxed);
    event_loop.shutdown_background();
    drop(listener);
    // It may have come when `main` was just done.
    interrupted.try_recv().map_or(done, |()| Err(Interrupted.into()))
}

/// As in asyncio, what is ready is run before the system is asked what else is; tokio would ask after
/// every 61 polls, which at 1,000 connections costs a client a sixth of its time.
fn one_thread() -> Result<Runtime> {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().event_interval(1024).build().context("cannot start an event loop")
}

/// Waits for Ctrl-C, on a thread of its own because a task that blocks the event loop keeps it from listening.
/// Dropped, it has ended.
struct Listener {
    signals: Handle,
    claim: Option<Claim>,
    over: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    fn start(
        event_loop: runtime::Handle,
        interrupt: oneshot::Sender<()>,
        heard: Arc<AtomicBool>,
    ) -> Result<Self> {
        let signals = Signals::new([SIGINT]).context("cannot listen for Ctrl-C")?;
        let claim = Claim::new().context("cannot listen for Ctrl-C")?;
        let handle = signals.handle();
        let (over, is_over) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("ctrl-c".into())
            .spawn(move || on_ctrl_c(signals, &event_loop, interrupt, &heard, &is_over))
            .context("cannot start the thread that waits for Ctrl-C")?;
        Ok(Self { signals: handle, claim: Some(claim), over: Some(over), thread: Some(thread) })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.claim = None;
        self.over = None;
        self.signals.close();
        if let Some(thread) = self.thread.take() {
            // It can only have panicked, which it has reported.
            let _ = thread.join();
        }
    }
}

fn on_ctrl_c(
    mut signals: Signals,
    event_loop: &runtime::Handle,
    interrupt: oneshot::Sender<()>,
    heard: &AtomicBool,
    is_over: &Receiver<()>,
) {
    // Closed, `forever` leaves what came last among the pending.
    let came = signals.forever().next().is_some();
    if !came && signals.pending().next().is_none() {
        return;
    }
    let _ = interrupt.send(());
    // With thousands of tasks it is long before `main` has its turn and hears of it, but a new task has one soon; and
    // when `main` has heard, it is long before they are dropped.
    let turn = event_loop.spawn(async {});
    let is_blocked = || !turn.is_finished() && !heard.load(Relaxed);
    let ended = |within| is_over.recv_timeout(within) != Err(RecvTimeoutError::Timeout);
    if ended(PATIENCE) || !is_blocked() && ended(END) {
        return;
    }
    let _ = writeln!(stderr(), "error: interrupted; a task was blocking the event loop");
    exit(130);
}

#[cfg(test)]
mod tests {
    use std::{fs, time::Instant};

    use anyhow::ensure;

    use super::*;

    #[test]
    fn the_thread_that_waits_for_ctrl_c_ends_with_its_event_loop() -> Result<()> {
        for _ in 0..2 {
            run(async { until_listeners_are(1) })?;
            until_listeners_are(0)?;
        }
        Ok(())
    }

    /// A thread takes a moment to get its name, and its entry may stay for a moment after `join`.
    fn until_listeners_are(count: usize) -> Result<()> {
        let begin = Instant::now();
        while listeners()? != count {
            ensure!(begin.elapsed() < Duration::from_secs(10), "{} listeners", listeners()?);
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// Threads of this process that wait for Ctrl-C.
    fn listeners() -> Result<usize> {
        let mut count = 0;
        for thread in fs::read_dir("/proc/self/task")? {
            // One that ends just now cannot be read.
            let name = fs::read_to_string(thread?.path().join("comm")).unwrap_or_default();
            count += usize::from(name == "ctrl-c\n");
        }
        Ok(count)
    }
}
