//! One measured run of a program, by a helper process that starts nothing else.
//!
//! The helper is this program again. Its resource usage of children is that of the measured tree
//! alone, and the child does not inherit the peak memory of a large parent, as `ru_maxrss` would.

use std::{
    env,
    ffi::OsString,
    fs,
    io::{self, Read},
    os::unix::process::CommandExt,
    path::Path,
    process::{self, Command, ExitCode, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use nix::{
    sys::{
        resource::{UsageWho, getrusage},
        signal::{Signal, killpg},
        time::{TimeVal, TimeValLike},
    },
    unistd::Pid,
};
use serde::{Deserialize, Serialize};

use crate::child;

/// The helper's command line.
#[derive(clap::Args)]
pub struct Args {
    /// Seconds after which the program and all that it started are killed
    #[arg(long)]
    limit: f64,
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    command: Vec<OsString>,
}

/// What one run cost: the program with all the processes that it waited for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sample {
    /// Seconds from start to end.
    pub wall: f64,
    /// CPU seconds in user mode.
    pub user: f64,
    /// CPU seconds in the kernel.
    pub system: f64,
    /// Peak memory of the largest process, in KiB.
    pub max_rss_kib: i64,
    /// Context switches because it waited.
    pub voluntary_switches: i64,
    /// Context switches because its time slice was over.
    pub involuntary_switches: i64,
}

impl Sample {
    /// CPU seconds per wall second.
    pub fn cores(&self) -> f64 {
        (self.user + self.system) / self.wall
    }
}

/// A run, measured.
#[derive(Debug, Serialize, Deserialize)]
pub struct Run {
    /// What it cost.
    pub sample: Sample,
    /// What it printed.
    pub stdout: String,
    /// The last line that it said on its error stream, if it said anything.
    pub said: String,
    /// Why it did not go well, if so.
    pub failure: Option<String>,
}

/// What to run, and in which surroundings.
pub struct Program<'a> {
    /// The program and its arguments.
    pub command: &'a [OsString],
    /// Environment variables to add.
    pub environment: &'a [(&'a str, &'a str)],
    /// Where it gets a folder of its own to run in, which is gone when it is.
    pub folder: &'a Path,
    /// Its time limit.
    pub limit: Duration,
}

impl Program<'_> {
    /// Runs it once.
    ///
    /// # Errors
    /// If the helper fails; a failure of the program is a [`Run`] that says so.
    pub fn run(&self) -> Result<Run> {
        let this = env::current_exe().context("cannot find this program's file")?;
        let mut helper = Command::new(this)
            .args(["measure", "--limit", &self.limit.as_secs_f64().to_string(), "--"])
            .args(self.command)
            .envs(self.environment.iter().copied())
            .current_dir(self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .context("cannot start the measuring helper")?;
        // Held open until the helper is done: its end tells the helper that this process has died.
        let _alive = helper.stdin.take();
        let output = helper.wait_with_output().context("cannot wait for the measuring helper")?;
        ensure!(output.status.success(), "the measuring helper failed: {}", output.status);
        serde_json::from_slice(&output.stdout).context("cannot read the measuring helper's answer")
    }
}

/// The helper itself: runs the command and prints the [`Run`] as JSON.
///
/// # Errors
/// If the program cannot be started.
pub fn run(args: &Args) -> Result<ExitCode> {
    static GROUP: Mutex<Option<Pid>> = Mutex::new(None);
    let lock = || GROUP.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = env::current_dir()?.join(format!("run-{}", process::id()));
    fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let remains = folder.clone();
    thread::spawn(move || {
        // Nothing is ever written: this returns when the parent has died, of Ctrl-C perhaps.
        let _ = io::stdin().read(&mut [0]);
        // Held to the end, and below while the program is started: it cannot be missed.
        let group = lock();
        if let Some(group) = *group {
            let _ = killpg(group, Signal::SIGKILL);
        }
        // What was killed may still be writing.
        while fs::remove_dir_all(&remains).is_err() && remains.exists() {
            thread::sleep(Duration::from_millis(10));
        }
        process::exit(1);
    });
    let limit = Duration::try_from_secs_f64(args.limit).context("the limit is no time")?;
    let mut command = Command::new(&args.command[0]);
    command.args(&args.command[1..]).stdin(Stdio::null()).current_dir(&folder);
    let mut group = lock();
    let done = child::run(&mut command, limit, move |pid| *group = Some(pid));
    let removed = fs::remove_dir_all(&folder);
    let done = done?;
    removed.with_context(|| format!("cannot remove {}", folder.display()))?;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).context("cannot read the resource usage")?;
    let said = done.stderr.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    let failure = if done.timed_out {
        Some(format!("killed after {} s, its time limit", args.limit))
    } else if done.status.success() {
        None
    } else {
        let reason = if said.is_empty() { "no message" } else { said };
        Some(format!("{}: {reason}", done.status))
    };
    let run = Run {
        sample: Sample {
            wall: done.wall.as_secs_f64(),
            user: seconds(usage.user_time()),
            system: seconds(usage.system_time()),
            max_rss_kib: usage.max_rss(),
            voluntary_switches: usage.voluntary_context_switches(),
            involuntary_switches: usage.involuntary_context_switches(),
        },
        said: said.to_owned(),
        stdout: done.stdout,
        failure,
    };
    serde_json::to_writer(io::stdout(), &run).context("cannot tell the result")?;
    Ok(ExitCode::SUCCESS)
}

fn seconds(time: TimeVal) -> f64 {
    time.num_microseconds() as f64 / 1e6
}
