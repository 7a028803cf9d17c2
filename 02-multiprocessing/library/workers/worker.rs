//! The life of a worker process.

use std::ffi::CString;
use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
pub(crate) use std::process::Child;
use std::process::{Command, Stdio, exit};
use std::{env, io, thread};

use nix::sys::signal::{SigSet, SigmaskHow, Signal, raise};

use crate::error::{Error, Result};
use crate::travel::packet::{self, Packet};
use crate::travel::socket::{Socket, is_packet_socket};
use crate::workers::items::{answer, many, unknown};
use crate::workers::name::set_current_name;
use crate::workers::panics;
use crate::workers::task::{self, Stop};
use crate::workers::wire::{Order, Reply, is_closed_pipe};

/// A worker's `argv[0]` begins with this; what follows is its name. `ps` shows both.
const MARK: &str = "multiprocessing worker: ";

/// The exit code of a process that ends because nobody reads its output; a shell's for a program ended by SIGPIPE.
pub(crate) const CLOSED_PIPE: i32 = 128 + 13;

/// Starts this program again as a worker. `exec` instead of `fork`: a fork of a program with threads may only call
/// async-signal-safe functions (fork(2)), and costs the more the more memory the parent has.
pub(crate) fn launch(name: &str) -> Result<(Child, Socket)> {
    task::table()?;
    let (ours, theirs) = Socket::pair()?;
    let mut command = Command::new("/proc/self/exe");
    command.arg0(format!("{MARK}{name}")).stdin(Stdio::from(theirs));
    let child = spawn_deaf(&mut command).map_err(Error::system("start a process"))?;
    Ok((child, ours.into()))
}

/// Starts a program that does not hear what a terminal sends to all at once, Ctrl-C and its own end: the parent answers
/// it, and a worker ends with its parent. Else a parent that first removes its files would hear of dead workers.
fn spawn_deaf(command: &mut Command) -> io::Result<Child> {
    let terminal = SigSet::from_iter([Signal::SIGINT, Signal::SIGHUP]);
    // A program is started with its starter's mask (sigprocmask(2)).
    let mask = terminal.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
    let child = command.spawn();
    mask.thread_set_mask()?;
    child
}

/// If this process was launched as a worker, works and never returns.
pub(crate) fn run_if_worker() {
    let Some(mark) = env::args_os().next() else { return };
    let Some(name) = mark.as_bytes().strip_prefix(MARK.as_bytes()) else { return };
    let name = set_current_name(String::from_utf8_lossy(name).into_owned());
    // It lives on until the error is out: who sees the files closed that came with it may kill this process.
    let mut input = Packet::default();
    let code = work(name, &mut input).unwrap_or_else(|error| {
        // That the parent is gone is no fault of the worker's, and nobody waits to hear of it.
        if !matches!(error, Error::Closed) {
            eprintln!("{name}: {error}");
        }
        1
    });
    finish(code)
}

/// Ends the worker; what was printed without a newline is written first.
fn finish(code: i32) -> ! {
    let _ = io::stdout().flush();
    exit(code)
}

fn work(name: &str, input: &mut Packet) -> Result<i32> {
    let parent = take_parent()?;
    if let Ok(name) = CString::new(name) {
        // What `ps -o comm` and `top` show; it only serves the reader.
        let _ = nix::sys::prctl::set_name(&name);
    }
    panics::keep();
    let mut output = Packet::default();
    if !parent.receive(input)? {
        return Ok(1);
    }
    watch(&parent)?;
    loop {
        let code = input.read(|bytes| match packet::take(bytes, "an order")? {
            Order::Once { task } => once(&parent, &task, bytes, &mut output).map(Some),
            Order::Many { task, sequence, items, chunk } => {
                many(&task, sequence, items, chunk, bytes, &mut output)?;
                answer(&parent, sequence, &task, &mut output).map(|()| None)
            }
            Order::Exit => Ok(Some(0)),
        })?;
        if let Some(code) = code {
            return Ok(code);
        }
        if !parent.receive(input)? {
            return Ok(1);
        }
    }
}

/// Moves the socket away from standard input, where the task, and programs it starts, find `/dev/null` instead.
fn take_parent() -> Result<Socket> {
    let stdin = io::stdin();
    if !is_packet_socket(&stdin) {
        return Err(Error::system("find the parent process")(io::ErrorKind::NotConnected));
    }
    let socket =
        stdin.as_fd().try_clone_to_owned().map_err(Error::system("take over the socket"))?;
    let null = File::open("/dev/null").map_err(Error::system("open /dev/null"))?;
    nix::unistd::dup2_stdin(&null).map_err(Error::system("replace the standard input"))?;
    Ok(socket.into())
}

/// Ends this process as soon as the parent does, however busy the task is. Not `PR_SET_PDEATHSIG`, which follows the
/// thread that started this process (prctl(2)).
fn watch(parent: &Socket) -> Result<()> {
    let parent = parent.clone();
    let watch = move || {
        parent.wait_hang_up();
        // Not `exit`, which would wait for locks that the task may hold.
        let _ = raise(Signal::SIGKILL);
    };
    thread::Builder::new()
        .name("parent-watch".into())
        .stack_size(32 * 1024)
        .spawn(watch)
        .map(drop)
        .map_err(Error::system("start a thread"))
}

fn once(parent: &Socket, task: &str, args: &mut &[u8], output: &mut Packet) -> Result<i32> {
    let call = task::table()?.once(task).ok_or_else(|| unknown(task))?;
    let failure = match panics::in_task(true, || call(args)) {
        Ok(code) => return Ok(code),
        Err(Stop::Error(error)) => return Err(error),
        Err(Stop::Panic) => panics::last(),
    };
    let code = if is_closed_pipe(&failure.message) { CLOSED_PIPE } else { 1 };
    let reply = Reply { sequence: 0, done: 0, failure: Some(failure) };
    output.write(|bytes| packet::put(bytes, &reply, "a report"))?;
    parent.send(output)?;
    Ok(code)
}
