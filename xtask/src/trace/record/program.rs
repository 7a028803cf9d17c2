//! Asks the helper for a recording.

use std::{
    ffi::OsString,
    io::Read,
    os::{fd::AsFd, unix::process::CommandExt},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::{
        signal::SigmaskHow,
        signalfd::{SfdFlags, SignalFd},
    },
};

use super::interrupts::interrupts;
use crate::trace::recording::{Facts, Recording};

/// What to record.
pub struct Program<'a> {
    /// The program and its arguments.
    pub command: &'a [OsString],
    /// Environment variables to add.
    pub environment: &'a [(&'a str, &'a str)],
    /// The folder to run in. What the program prints is put beside it, as `.out` and `.err`, unless it is `live`.
    pub folder: &'a Path,
    /// How the facts are to be found; the best way if none is said.
    pub facts: Option<Facts>,
    /// After which time the program is stopped.
    pub limit: Duration,
    /// Whether what the program prints goes, as it comes, to the helper's standard error.
    pub live: bool,
    /// With more processes than that at once the program is stopped.
    pub processes: Option<usize>,
}

impl Program<'_> {
    /// Records one run by `xtask`, which is this program's file. Ctrl-C stops the run, and there is a recording still.
    ///
    /// # Errors
    /// If the program cannot be started, or the facts cannot be had in the way that was asked for.
    pub fn record(&self, xtask: &Path) -> Result<Recording> {
        let mut helper = self.helper(xtask)?;
        // Ctrl-C at the terminal goes to us; the helper learns it from the end of its input.
        let mut helper = helper.process_group(0).spawn().context("cannot start the recorder")?;
        let answer = answer(&mut helper);
        drop(helper.stdin.take());
        let status = helper.wait().context("cannot wait for the recorder")?;
        ensure!(status.success(), "the recorder failed: {status}");
        postcard::from_bytes(&answer?).context("cannot read the recorder's answer")
    }

    /// The helper's command: it ends the program and all that this started when its standard input ends, and writes
    /// the [`Recording`] to its standard output.
    ///
    /// # Errors
    /// If the way to find the facts has no name.
    pub fn helper(&self, xtask: &Path) -> Result<Command> {
        let mut helper = Command::new(xtask);
        helper.args(["record", "--limit", &self.limit.as_secs_f64().to_string()]);
        if let Some(facts) = self.facts {
            let name =
                clap::ValueEnum::to_possible_value(&facts).context("a way without a name")?;
            helper.args(["--facts", name.get_name()]);
        }
        if self.live {
            helper.arg("--live");
        }
        if let Some(processes) = self.processes {
            helper.args(["--processes", &processes.to_string()]);
        }
        helper.arg("--").args(self.command).envs(self.environment.iter().copied());
        helper.current_dir(self.folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        Ok(helper)
    }
}

/// What the helper says in the end. Ctrl-C closes its input, which tells it to come to an end.
fn answer(helper: &mut Child) -> Result<Vec<u8>> {
    let signals = interrupts();
    let before = signals.thread_swap_mask(SigmaskHow::SIG_BLOCK).context("cannot hold signals")?;
    let received = SignalFd::with_flags(&signals, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
    let mut stdout = helper.stdout.take().context("the recorder has no output")?;
    let mut answer = Vec::new();
    loop {
        let mut ready = [
            PollFd::new(stdout.as_fd(), PollFlags::POLLIN),
            PollFd::new(received.as_fd(), PollFlags::POLLIN),
        ];
        match poll(&mut ready, PollTimeout::NONE) {
            Err(Errno::EINTR) => continue,
            done => done.context("cannot wait for the recorder")?,
        };
        let [output, signal] = ready.map(|it| it.any().unwrap_or(false));
        if signal && received.read_signal()?.is_some() {
            drop(helper.stdin.take());
        }
        if output {
            let mut chunk = [0; 1 << 16];
            match stdout.read(&mut chunk)? {
                0 => break,
                count => answer.extend_from_slice(&chunk[..count]),
            }
        }
    }
    before.thread_set_mask().context("cannot let signals go")?;
    Ok(answer)
}
