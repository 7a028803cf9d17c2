//! One example under one fault.

use std::{
    io::{self, PipeReader, Read, Write},
    os::unix::process::CommandExt,
    process::{Child, Command, ExitStatus, Stdio},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use nix::{
    fcntl::{FcntlArg, fcntl},
    sys::{
        signal::{Signal, kill, killpg},
        wait::{Id, WaitPidFlag, WaitStatus, waitid},
    },
    unistd::Pid,
};
use xtask::{catalogue::package, lab::Lab};

use super::{
    case::Case,
    fault::{Fault, How, Whom},
    peer::{Manners, Peer},
    room::{Left, Room},
    watch::{first_worker, is_stopped, prints, running},
};

/// Far more than any example needs here: it ends a hang.
const LIMIT: Duration = Duration::from_secs(30);

/// Simulated waits: short, and yet some.
const PACE: &str = "0.01";

/// What became of an example under a fault.
pub enum Outcome {
    /// The fault does not apply to it; why, in a word or two.
    Apart(&'static str),
    /// It ended.
    Ended(Ended),
}

/// How an example ended.
#[derive(Debug)]
pub struct Ended {
    /// How.
    pub status: ExitStatus,
    /// What it printed.
    pub stdout: String,
    /// What it said of errors.
    pub stderr: String,
    /// From its start to its end.
    pub wall: Duration,
    /// Whether it was killed because it did not end by itself.
    pub hung: bool,
    /// Processes of it that were still there.
    pub processes: Vec<i32>,
    /// Files and shared memory.
    pub left: Left,
}

/// Runs an example under a fault. `number` is another one each time.
///
/// # Errors
/// If it cannot be run, or what it left cannot be seen.
pub fn run(case: &Case, fault: &Fault, lab: &Lab, number: u32) -> Result<Outcome> {
    let room = Room::new(fault)?;
    let mut args: Vec<&str> = case.args.iter().map(String::as_str).collect();
    let mut peer = None;
    match (&fault.how, case.panic) {
        (How::Panic, None) => return Ok(Outcome::Apart("no switch")),
        (How::Panic, Some(panic)) => args.extend(panic),
        (How::Name(_), _) if case.input.is_some() => {
            let size = args.iter().position(|arg| *arg == "--size");
            size.map(|at| args.drain(at..at + 2));
        }
        (How::Peer(manners), _) => {
            peer = Some((Peer::start(*manners)?, *manners));
            if *manners == Manners::Mute {
                args.extend(case.patience.unwrap_or_default());
            }
        }
        _ => {}
    }
    let programs = crate::programs()?;
    let program = programs.get(&package(&case.lesson)).context("there is no such program")?;
    let mut command = room.command(fault, program);
    command.arg(&case.name);
    if let (How::Name(_), Some(input)) = (&fault.how, case.input) {
        command.arg(room.put(input)?);
    }
    command.args(args).envs(lab.environment());
    command.env("PACE", PACE).env("CELL_UID", (100_000 + number).to_string());
    if let Some((peer, _)) = &peer {
        command.env("LAB_SITE", peer.base()).env("LAB_S3", peer.base());
    }
    let mut started = Started::new(command, fault, &room)?;
    let apart = started.meddle(case, fault, peer.as_ref())?;
    let ended = started.end(&room, fault)?;
    // What an example does without workers, or without a peer, the row `none` says.
    Ok(match apart.filter(|_| !ended.hung) {
        Some(reason) => Outcome::Apart(reason),
        None => Outcome::Ended(ended),
    })
}

/// A running example.
struct Started {
    child: Child,
    begin: Instant,
    group: Pid,
    stderr: JoinHandle<io::Result<Vec<u8>>>,
    /// Its output, not read yet, and how much in it is not its own.
    stdout: Option<(PipeReader, usize)>,
    marker: String,
}

impl Started {
    fn new(mut command: Command, fault: &Fault, room: &Room) -> Result<Self> {
        let (reader, mut writer) = io::pipe()?;
        let mut filler = 0;
        if let How::Signal(..) | How::Impatience = fault.how {
            // Full, so that whoever prints the first line waits.
            filler = usize::try_from(fcntl(&writer, FcntlArg::F_SETPIPE_SZ(4096))?)?;
            writer.write_all(&vec![0; filler])?;
        }
        let stdout = Some((reader, filler)).filter(|_| !matches!(fault.how, How::Unread));
        command.stdout(writer).stderr(Stdio::piped()).process_group(0);
        let begin = Instant::now();
        let mut child = command.spawn().context("cannot start env(1)")?;
        let stderr = child.stderr.take().context("no stderr")?;
        let stderr = thread::spawn(move || read(stderr));
        let group = Pid::from_raw(child.id().cast_signed());
        Ok(Self { child, begin, group, stderr, stdout, marker: room.marker() })
    }

    /// Does to it what the fault does to a running program. Says why it does not apply.
    fn meddle(
        &mut self,
        case: &Case,
        fault: &Fault,
        peer: Option<&(Peer, Manners)>,
    ) -> Result<Option<&'static str>> {
        match (&fault.how, peer) {
            (How::Worker(signal), _) => {
                let mut worker = None;
                self.until(|| {
                    worker = first_worker(self.group);
                    worker.is_some()
                })?;
                let Some(worker) = worker else { return Ok(Some("no worker")) };
                let _ = kill(worker, *signal);
                if *signal == Signal::SIGSTOP {
                    self.until(|| is_stopped(worker))?;
                    killpg(self.group, Signal::SIGINT)?;
                }
            }
            (_, Some((peer, manners))) => {
                self.until(|| peer.was_asked())?;
                if !peer.was_asked() {
                    return Ok(Some("no peer"));
                }
                if *manners == Manners::Mute && case.patience.is_none() {
                    killpg(self.group, Signal::SIGINT)?;
                }
            }
            (How::Signal(whom, signal), _) => {
                self.until(|| prints(&self.marker))?;
                match whom {
                    Whom::Group => killpg(self.group, *signal)?,
                    Whom::Program => kill(self.group, *signal)?,
                }
                // Some end at once, some in an order for which somebody has to read.
                let since = Instant::now();
                self.until(|| since.elapsed() > Duration::from_millis(200))?;
            }
            (How::Impatience, _) => {
                self.until(|| prints(&self.marker))?;
                self.until(|| {
                    // Two that come together are one.
                    let _ = killpg(self.group, Signal::SIGINT);
                    false
                })?;
            }
            _ => {}
        }
        Ok(None)
    }

    /// Waits for something, at most until the program has ended.
    fn until(&self, mut condition: impl FnMut() -> bool) -> Result<()> {
        while self.begin.elapsed() < LIMIT && !condition() && !self.has_ended()? {
            thread::sleep(Duration::from_micros(200));
        }
        Ok(())
    }

    /// It is not reaped yet then, so that its id stays taken.
    fn has_ended(&self) -> Result<bool> {
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT | WaitPidFlag::WNOHANG;
        Ok(waitid(Id::Pid(self.group), flags)? != WaitStatus::StillAlive)
    }

    /// Waits for its end, and looks at what it left.
    fn end(mut self, room: &Room, fault: &Fault) -> Result<Ended> {
        let stdout = self.stdout.take().map(|(reader, filler)| {
            let own = move |bytes: Vec<u8>| bytes.get(filler..).unwrap_or_default().to_vec();
            thread::spawn(move || read(reader).map(own))
        });
        self.until(|| false)?;
        let hung = !self.has_ended()?;
        if hung {
            killpg(self.group, Signal::SIGKILL)?;
        }
        waitid(Id::Pid(self.group), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT)?;
        let wall = self.begin.elapsed();
        // Workers see within 100 ms that their parent is gone, where the machine is not busy.
        let since = Instant::now();
        let mut processes = running(&self.marker);
        while !processes.is_empty() && since.elapsed() < Duration::from_secs(3) {
            thread::sleep(Duration::from_millis(2));
            processes = running(&self.marker);
        }
        for process in &processes {
            let _ = kill(Pid::from_raw(*process), Signal::SIGKILL);
        }
        let status = self.child.wait()?;
        let stdout = stdout.map(|it| it.join().expect("reading does not panic")).transpose()?;
        let stderr = self.stderr.join().expect("reading does not panic")?;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let (stdout, stderr) = (text(stdout.unwrap_or_default()), text(stderr));
        let left = room.left(fault)?;
        Ok(Ended { status, stdout, stderr, wall, hung, processes, left })
    }
}

fn read(mut stream: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map(|_| bytes)
}
