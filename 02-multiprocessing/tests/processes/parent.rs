//! What becomes of workers whose parent is gone, or was never ready.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use multiprocessing::{Error, Manager, Pool, Process, Queue, Result};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::pool::{announces_and_spins, square};
use crate::process::{nothing, spins};
use crate::{send, this_program, within};

tests! {
    killed_parent_takes_workers_along what_a_terminal_sends_is_for_the_parent
    worker_without_parent_says_so spawn_before_init_is_an_error
}

/// Starts busy workers of both kinds, prints their ids, and waits to be killed.
pub fn to_be_killed() -> ExitCode {
    let start = || -> Result<()> {
        let pool = Pool::new(2)?;
        let process = Process::spawn(spins, ())?;
        let Queue { sender, receiver } = Queue::new()?;
        let _busy = [
            pool.submit(announces_and_spins, (sender.clone(),))?,
            pool.submit(announces_and_spins, (sender,))?,
        ];
        let pids =
            [process.pid(), receiver.recv()?.expect("a pid"), receiver.recv()?.expect("a pid")];
        let mut out = std::io::stdout().lock();
        writeln!(out, "{} {} {}", pids[0], pids[1], pids[2]).expect("print");
        loop {
            thread::park();
        }
    };
    ExitCode::from(u8::from(start().is_err()))
}

fn killed_parent_takes_workers_along() -> Result<()> {
    // Makes this process the new parent of the orphans, so that it sees them end (prctl(2)).
    nix::sys::prctl::set_child_subreaper(true).expect("become subreaper");
    within(Duration::from_millis(100), || {
        let mut parent = this_program(&["--parent"]).stdout(Stdio::piped()).spawn().expect("start");
        let mut line = String::new();
        BufReader::new(parent.stdout.take().expect("piped")).read_line(&mut line).expect("read");
        let pids: Vec<i32> =
            line.split_whitespace().map(|pid| pid.parse().expect("a pid")).collect();
        assert_eq!(pids.len(), 3);
        let at = Instant::now();
        parent.kill().expect("kill");
        parent.wait().expect("wait");
        for pid in pids {
            let status = waitpid(Pid::from_raw(pid), None).expect("wait for an orphan");
            assert!(matches!(status, WaitStatus::Signaled(_, Signal::SIGKILL, _)), "{status:?}");
        }
        Ok(at.elapsed())
    })
}

fn what_a_terminal_sends_is_for_the_parent() -> Result<()> {
    let pool = Pool::new(1)?;
    for signal in [Signal::SIGINT, Signal::SIGHUP] {
        send(pool.pids()[0], signal);
        assert_eq!(pool.map(square, 1..=3)?, [1, 4, 9]);
    }
    // Who started it hears them as before.
    assert_eq!(SigSet::thread_get_mask().expect("get the mask"), SigSet::empty());
    pool.join()
}

fn worker_without_parent_says_so() -> Result<()> {
    let mut worker = this_program(&[]);
    let worker = worker.arg0("multiprocessing worker: W").stdin(Stdio::null());
    let output = worker.output().expect("run this program");
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.starts_with("W: cannot find the parent process"), "{told}");
    Ok(())
}

pub fn uninitialised() -> ExitCode {
    assert!(matches!(Process::spawn(nothing, ()), Err(Error::NotInitialised)));
    assert!(matches!(Pool::new(2), Err(Error::NotInitialised)));
    assert!(matches!(Manager::start(), Err(Error::NotInitialised)));
    ExitCode::SUCCESS
}

fn spawn_before_init_is_an_error() -> Result<()> {
    assert!(this_program(&["--uninitialised"]).status().expect("run").success());
    Ok(())
}
