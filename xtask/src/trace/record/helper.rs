//! The helper: runs a program, and records it.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    io::{self, Write},
    os::{
        fd::AsFd,
        unix::process::{CommandExt, ExitStatusExt},
    },
    path::Path,
    process::{Child, Command, ExitCode, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::{
        prctl,
        signal::{Signal, killpg},
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    time::{ClockId, clock_gettime},
    unistd::Pid,
};

use super::{
    interrupts::interrupts,
    sampled::{self, Sampled},
    switches::Switches,
    tree,
};
use crate::trace::recording::{Facts, Recording, State, Stopped, Thread};

/// How often the kernel's rings are emptied.
const NAP: Duration = Duration::from_millis(10);

/// How often the processes are counted, where they are not to be too many.
const COUNT: Duration = Duration::from_millis(50);

/// What a program that was told to end gets for it, and what its children get when it has ended.
const GRACE: Duration = Duration::from_secs(2);

/// The helper's command line.
#[derive(clap::Args)]
pub struct Args {
    /// How the facts are to be found; without it, the best way there is
    #[arg(long, value_enum)]
    facts: Option<Facts>,
    /// Seconds after which the program is told to end
    #[arg(long)]
    limit: f64,
    /// Let the program print to standard error, not to files
    #[arg(long)]
    live: bool,
    /// How many processes there may be at once
    #[arg(long)]
    processes: Option<usize>,
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    command: Vec<OsString>,
}

/// The helper itself: runs the command and writes the [`Recording`].
///
/// # Errors
/// If the program cannot be started, or the facts cannot be had in the way that was asked for.
pub fn run(args: &Args) -> Result<ExitCode> {
    let limit = Duration::try_from_secs_f64(args.limit).context("the limit is no time")?;
    interrupts().thread_unblock().context("cannot let signals go")?;
    prctl::set_child_subreaper(true).context("cannot become the parent of orphans")?;
    let (mut source, instead) = Source::open(args.facts)?;
    let folder = env::current_dir()?;
    let file = |kind| {
        let path = folder.with_extension(kind);
        File::create(&path).with_context(|| format!("cannot make {}", path.display()))
    };
    let mut command = Command::new(&args.command[0]);
    command.args(&args.command[1..]).process_group(0).stdin(Stdio::null());
    if args.live {
        let printed = || io::stderr().as_fd().try_clone_to_owned();
        command.stdout(printed()?).stderr(printed()?);
    } else {
        command.stdout(file("out")?).stderr(file("err")?);
    }
    let (busy, begin) = (machine_busy(), now());
    // On this thread: the kernel's records begin with the program that the thread which asked for them starts.
    let child = command.spawn();
    let child =
        child.with_context(|| format!("cannot start {}", args.command[0].to_string_lossy()))?;
    let (status, stopped) = follow(&mut source, &child, limit, args.processes);
    let end = now();
    let facts = source.facts();
    let (threads, lost) = source.finish(end);
    // Not when we saw it.
    let end = threads.iter().map(|thread| thread.end).max().unwrap_or(end);
    // Who is stopped ends with an error as a rule, and has not failed.
    let failure = match stopped {
        None => failure(status, &folder.with_extension("err")),
        Some(_) => None,
    };
    let others = others(busy, &threads, end - begin);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let recording =
        Recording { facts, instead, begin, end, cores, threads, lost, others, failure, stopped };
    let bytes = postcard::to_stdvec(&recording).context("cannot tell the recording")?;
    io::stdout().write_all(&bytes).context("cannot tell the recording")?;
    Ok(ExitCode::SUCCESS)
}

/// Where the facts come from.
enum Source {
    Switches(Switches),
    Sampled(Sampled),
    Nothing,
}

impl Source {
    /// The one asked for, or the best that can be had and why it is no better one.
    fn open(asked: Option<Facts>) -> Result<(Self, Option<String>)> {
        match asked {
            Some(Facts::Switches) => Ok((Self::Switches(Switches::open()?), None)),
            Some(Facts::Sampled) => Ok((Self::Sampled(Sampled::open()?), None)),
            Some(Facts::Spans) => Ok((Self::Nothing, None)),
            None => Ok(match (Switches::open(), Sampled::open()) {
                (Ok(switches), _) => (Self::Switches(switches), None),
                (Err(error), Ok(sampled)) => (Self::Sampled(sampled), Some(format!("{error:#}"))),
                (Err(_), Err(error)) => (Self::Nothing, Some(format!("{error:#}"))),
            }),
        }
    }

    fn facts(&self) -> Facts {
        match self {
            Self::Switches(_) => Facts::Switches,
            Self::Sampled(_) => Facts::Sampled,
            Self::Nothing => Facts::Spans,
        }
    }

    /// Takes in what there is, and says for how long it may be left alone.
    fn look(&mut self) -> Duration {
        match self {
            Self::Switches(switches) => switches.drain(),
            Self::Sampled(sampled) => {
                let begin = Instant::now();
                sampled.look(now());
                // With many threads a look takes long, and would take the cores from what it looks at.
                return sampled::PERIOD.max(begin.elapsed() * 10);
            }
            Self::Nothing => {}
        }
        NAP
    }

    fn finish(self, end: u64) -> (Vec<Thread>, u64) {
        match self {
            Self::Switches(switches) => switches.finish(end),
            Self::Sampled(sampled) => (sampled.finish(end), 0),
            Self::Nothing => (Vec::new(), 0),
        }
    }
}

/// Until the program and all that it started have ended. Says how the program did, and whether it was stopped.
fn follow(
    source: &mut Source,
    child: &Child,
    limit: Duration,
    processes: Option<usize>,
) -> (Option<ExitStatus>, Option<Stopped>) {
    let root = Pid::from_raw(child.id().cast_signed());
    let begin = Instant::now();
    let (mut status, mut stopped, mut kill_at) = (None, None, None::<Instant>);
    let mut counted = begin;
    loop {
        let nap = source.look();
        loop {
            match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::Exited(pid, code)) if pid == root => {
                    status = Some(ExitStatus::from_raw(code << 8));
                }
                Ok(WaitStatus::Signaled(pid, signal, _)) if pid == root => {
                    status = Some(ExitStatus::from_raw(signal as i32));
                }
                Ok(WaitStatus::StillAlive) => break,
                Err(Errno::ECHILD) => return (status, stopped),
                Ok(_) | Err(_) => {}
            }
        }
        if stopped.is_some() {
            thread::sleep(nap);
        } else {
            stopped = match told_to_stop(nap) {
                true => Some(Stopped::Interrupt),
                false => (begin.elapsed() >= limit).then_some(Stopped::Limit),
            };
            if let Some(most) = processes.filter(|_| counted.elapsed() >= COUNT) {
                counted = Instant::now();
                let too_many = tree::descendants().len() > most;
                stopped = stopped.or(too_many.then_some(Stopped::Processes));
            }
            if stopped.is_some() {
                let _ = killpg(root, Signal::SIGINT);
                kill_at = Some(Instant::now() + GRACE);
            }
        }
        if status.is_some() {
            kill_at = kill_at.or_else(|| Some(Instant::now() + GRACE));
        }
        if kill_at.is_some_and(|at| at <= Instant::now()) {
            tree::kill_descendants();
        }
    }
}

/// Waits for at most `nap`; says whether standard input has ended meanwhile: on Ctrl-C, or because who started us died.
fn told_to_stop(nap: Duration) -> bool {
    let stdin = io::stdin();
    let mut ready = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
    let nap = PollTimeout::try_from(nap.max(Duration::from_millis(1))).unwrap_or(PollTimeout::ZERO);
    poll(&mut ready, nap).is_ok_and(|count| count > 0)
}

fn failure(status: Option<ExitStatus>, stderr: &Path) -> Option<String> {
    let status = status.filter(|status| !status.success())?;
    let said = fs::read(stderr).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let last = said.lines().rfind(|line| !line.trim().is_empty());
    Some(last.map_or_else(|| status.to_string(), |line| format!("{status}: {line}")))
}

/// How many cores others kept busy, on average: what the machine did, without what the threads did.
fn others(before: Option<u64>, threads: &[Thread], wall: u64) -> f64 {
    let (Some(before), Some(after)) = (before, machine_busy()) else { return 0.0 };
    let own: u64 = threads.iter().map(|thread| thread.time_in(State::OnCore)).sum();
    after.saturating_sub(before).saturating_sub(own) as f64 / wall.max(1) as f64
}

/// Nanoseconds that all cores together have been busy: /proc/stat counts in hundredths of a second.
fn machine_busy() -> Option<u64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let ticks: Vec<u64> =
        stat.lines().next()?.split_whitespace().skip(1).map_while(|it| it.parse().ok()).collect();
    // user, nice, system, idle, waiting for a disk, interrupts, soft interrupts; what virtual machines took.
    let [user, nice, system, _, _, hard, soft, ..] = ticks[..] else { return None };
    Some((user + nice + system + hard + soft) * 10_000_000)
}

/// CLOCK_MONOTONIC in nanoseconds.
fn now() -> u64 {
    let time = clock_gettime(ClockId::CLOCK_MONOTONIC).map(Duration::from);
    time.map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
}
