//! A function in a process of its own.

use std::process::Child;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use serde::Serialize;

use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::travel::packet::{self, Packet};
use crate::travel::socket::Socket;
use crate::workers::outcome::Outcome;
use crate::workers::task::{self, Function};
use crate::workers::wire::{Order, Reply, is_closed_pipe};
use crate::workers::worker;

/// A function that runs in a process of its own. Answers to `multiprocessing.Process`.
///
/// Dropped without [`join`](Process::join), it is killed and waited for, as Python's `daemon=True`: nothing is left
/// behind by an early `?`. It also ends when the process that spawned it ends, which Ctrl-C is left to.
#[derive(Debug)]
#[must_use = "a process that is not joined is killed"]
pub struct Process {
    name: String,
    child: Child,
    socket: Socket,
}

impl Process {
    /// Starts `function(args…)` in a new process named `Process-1`, `Process-2` … Answers to `Process(target=…, args=…).start()`.
    ///
    /// # Errors
    /// [`Error::NotInitialised`], [`Error::NotRegistered`], [`Error::TooManyDescriptors`], [`Error::System`].
    pub fn spawn<F, Args>(function: F, args: Args) -> Result<Process>
    where
        F: Function<Args>,
        F::Output: Outcome,
        Args: Serialize,
    {
        static STARTED: AtomicU64 = AtomicU64::new(0);
        Process::spawn_named(
            format!("Process-{}", STARTED.fetch_add(1, Relaxed) + 1),
            function,
            args,
        )
    }

    /// As [`spawn`](Process::spawn), with a name. Answers to `Process(name=…)`.
    ///
    /// # Errors
    /// As [`spawn`](Process::spawn).
    pub fn spawn_named<F, Args>(
        name: impl Into<String>,
        _function: F,
        args: Args,
    ) -> Result<Process>
    where
        F: Function<Args>,
        F::Output: Outcome,
        Args: Serialize,
    {
        let name = name.into();
        let task = task::table()?.name_once::<F>()?.to_owned();
        let mut order = Packet::default();
        order.write(|bytes| {
            packet::put(bytes, &Order::Once { task }, "an order")?;
            packet::put(bytes, &args, "the arguments of a process")
        })?;
        let (child, socket) = worker::launch(&name)?;
        let process = Process { name, child, socket };
        // On an error here the process is dropped, and so killed.
        process.socket.send(&mut order)?;
        Ok(process)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end. Answers to `join()` and a look at `exitcode`.
    ///
    /// # Errors
    /// [`Error::WorkerPanicked`] and [`Error::WorkerDied`] if it did not end with exit code 0.
    pub fn join(mut self) -> Result<()> {
        let exit = self.wait()?;
        if exit.success() {
            return Ok(());
        }
        let (worker, pid) = (self.name.clone(), self.pid());
        let mut packet = Packet::default();
        let panicked = [Exit::Code(1), Exit::Code(worker::CLOSED_PIPE)].contains(&exit);
        if panicked && self.socket.receive(&mut packet)? {
            let report: Reply = packet.read(|bytes| packet::take(bytes, "a report"))?;
            if let Some(failure) = report.failure {
                // Whoever closed the pipe that it printed into (`| head -1`) wants no more: not a failure.
                if is_closed_pipe(&failure.message) {
                    return Ok(());
                }
                let (location, message) = (failure.location, failure.message);
                return Err(Error::WorkerPanicked { worker, item: None, location, message });
            }
        }
        Err(Error::WorkerDied { worker, pid, exit })
    }

    /// Waits for its end and says what it was, whatever it was. Answers to `join()`.
    ///
    /// # Errors
    /// [`Error::System`] if somebody else has waited for this process.
    pub fn wait(&mut self) -> Result<Exit> {
        self.child.wait().map(Exit::from).map_err(Error::system("wait for a process"))
    }

    /// Kills it, unless it has ended already. Answers to `kill()`.
    ///
    /// # Errors
    /// [`Error::System`].
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill().map_err(Error::system("kill a process"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both do nothing after a successful wait.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
