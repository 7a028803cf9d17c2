//! A child process with its output collected and a time limit on its whole process group.

use std::{
    io::{self, Read},
    os::unix::process::CommandExt,
    process::{Command, ExitStatus, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use nix::{
    sys::{
        signal::{Signal, killpg},
        wait::{Id, WaitPidFlag, waitid},
    },
    unistd::Pid,
};

/// A child that has ended.
#[derive(Debug)]
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
    /// From just before it was started until it had ended.
    pub wall: Duration,
    /// Whether it was killed because its time was up.
    pub timed_out: bool,
}

/// Runs `command` in a process group of its own, for at most `limit`; then the group is killed, so
/// that nothing the child started outlives it. `started` gets the group's id.
///
/// # Errors
/// If the program cannot be started or its output cannot be read.
pub fn run(command: &mut Command, limit: Duration, started: impl FnOnce(Pid)) -> Result<Finished> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
    let begin = Instant::now();
    let mut child = command.spawn().with_context(|| format!("cannot start {program}"))?;
    let pid = Pid::from_raw(child.id().cast_signed());
    started(pid);
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        let stdout = scope.spawn(|| read(stdout));
        let stderr = scope.spawn(|| read(stderr));
        let (ended, has_ended) = mpsc::channel::<()>();
        let watchdog = scope.spawn(move || {
            let timed_out = has_ended.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
            if timed_out {
                let _ = killpg(pid, Signal::SIGKILL);
            }
            timed_out
        });
        // Not reaped yet, so that its id stays taken until the last use of it.
        let waited = waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT);
        let wall = begin.elapsed();
        drop(ended);
        let timed_out = watchdog.join().expect("the watchdog does not panic");
        // Fails where nothing is left in the group.
        let _ = killpg(pid, Signal::SIGKILL);
        waited.with_context(|| format!("cannot wait for {program}"))?;
        let status = child.wait()?;
        let text = |reader: thread::ScopedJoinHandle<'_, io::Result<String>>| {
            let read = reader.join().expect("reading does not panic");
            read.with_context(|| format!("cannot read the output of {program}"))
        };
        Ok(Finished { status, stdout: text(stdout)?, stderr: text(stderr)?, wall, timed_out })
    })
}

fn read(stream: Option<impl Read>) -> io::Result<String> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        stream.read_to_end(&mut bytes)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
