//! The life of a worker process.

use std::cell::{Cell, RefCell};
use std::ffi::CString;
use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::panic::{self, PanicHookInfo};
use std::process::{Child, Command, Stdio, exit};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};
use std::{env, io, thread};

use nix::sys::signal::{Signal, raise};

use crate::packet::{self, Packet};
use crate::socket::{Socket, is_packet_socket};
use crate::task::{self, Stop};
use crate::wire::{Failure, Order, Reply};
use crate::{Error, Result};

/// A worker's `argv[0]` begins with this; what follows is its name. `ps` shows both.
const MARK: &str = "multiprocessing worker: ";

/// After so long a worker sends back the chunks of an order it has not begun, for others to do.
const HAND_BACK: Duration = Duration::from_millis(10);

/// A shell's exit code for a program ended by SIGPIPE.
pub(crate) const CLOSED_PIPE: i32 = 128 + 13;

/// After a send to nobody a worker waits so long before it complains: if its parent is ending, it is
/// killed meanwhile.
const GRACE: Duration = Duration::from_millis(100);

static NAME: OnceLock<String> = OnceLock::new();
static SENT_TO_NOBODY: AtomicBool = AtomicBool::new(false);

/// The name of this process; `MainProcess` for the one the user started. Answers to `current_process().name`.
pub fn current_name() -> &'static str {
    NAME.get().map_or("MainProcess", String::as_str)
}

/// Starts this program again as a worker. `exec` instead of `fork`: a fork of a program with threads may only call
/// async-signal-safe functions (fork(2)), and costs the more the more memory the parent has.
pub(crate) fn launch(name: &str) -> Result<(Child, Socket)> {
    task::table()?;
    let (ours, theirs) = Socket::pair()?;
    let child = Command::new("/proc/self/exe")
        .arg0(format!("{MARK}{name}"))
        .stdin(Stdio::from(theirs))
        .spawn()
        .map_err(Error::system("start a process"))?;
    Ok((child, ours.into()))
}

/// If this process was launched as a worker, works and never returns.
pub(crate) fn run_if_worker() {
    let Some(mark) = env::args_os().next() else { return };
    let Some(name) = mark.as_bytes().strip_prefix(MARK.as_bytes()) else { return };
    let name = NAME.get_or_init(|| String::from_utf8_lossy(name).into_owned());
    let code = work(name).unwrap_or_else(|error| {
        eprintln!("{name}: {error}");
        1
    });
    finish(code)
}

/// Ends the worker; what was printed without a newline is written first.
fn finish(code: i32) -> ! {
    let _ = io::stdout().flush();
    exit(code)
}

fn work(name: &str) -> Result<i32> {
    let parent = take_parent()?;
    if let Ok(name) = CString::new(name) {
        // What `ps -o comm` and `top` show; it only serves the reader.
        let _ = nix::sys::prctl::set_name(&name);
    }
    hook_panics();
    let (mut input, mut output) = (Packet::default(), Packet::default());
    if !parent.receive(&mut input)? {
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
        if !parent.receive(&mut input)? {
            return Ok(1);
        }
    }
}

/// Moves the socket away from standard input, where the task, and programs it starts, find `/dev/null` instead.
fn take_parent() -> Result<Socket> {
    let stdin = io::stdin();
    if !is_packet_socket(&stdin) {
        return Err(Error::System {
            doing: "find the parent process",
            source: io::ErrorKind::NotConnected.into(),
        });
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

/// Takes down that a send found nobody left at the other end.
pub(crate) fn nobody_left() -> Error {
    SENT_TO_NOBODY.store(true, Relaxed);
    Error::Closed
}

/// A parent that ends closes its queues and pipes a moment before [`watch`] sees it go. An error that
/// only says so is not worth printing: nobody has failed.
pub(crate) fn wait_if_orphaned() {
    if SENT_TO_NOBODY.load(Relaxed) {
        thread::sleep(GRACE);
    }
}

fn once(parent: &Socket, task: &str, args: &mut &[u8], output: &mut Packet) -> Result<i32> {
    let call = task::table()?.once(task).ok_or_else(|| unknown(task))?;
    let failure = match in_task(true, || call(args)) {
        Ok(code) => return Ok(code),
        Err(Stop::Error(error)) => return Err(error),
        Err(Stop::Panic) => LAST_PANIC.take(),
    };
    if is_closed_pipe(&failure.message) {
        return Ok(CLOSED_PIPE);
    }
    let reply = Reply { sequence: 0, done: 0, failure: Some(failure) };
    output.write(|bytes| packet::put(bytes, &reply, "a report"))?;
    parent.send(output)?;
    Ok(1)
}

/// Works on the items of an order a chunk at a time, and replies with as many results as there are.
fn many(
    task: &str,
    sequence: u64,
    items: usize,
    chunk: usize,
    input: &mut &[u8],
    output: &mut Packet,
) -> Result<()> {
    let call = task::table()?.many(task).ok_or_else(|| unknown(task))?;
    let began = Instant::now();
    let (mut done, mut failure, mut results) = (0, None, Vec::with_capacity(2 * input.len()));
    let mut descriptors = Vec::new();
    crate::descriptor::writing(&mut descriptors, || {
        while done < items && failure.is_none() {
            let (count, stop) =
                in_task(false, || call(chunk.min(items - done), input, &mut results));
            done += count;
            failure = stop.map(|stop| match stop {
                Stop::Panic => LAST_PANIC.take(),
                Stop::Error(error) => {
                    Failure { location: task.to_owned(), message: error.to_string() }
                }
            });
            if began.elapsed() > HAND_BACK {
                break;
            }
        }
    });
    let reply = Reply { sequence, done, failure };
    output.write(|bytes| {
        packet::put(bytes, &reply, "a reply")?;
        bytes.extend_from_slice(&results);
        Ok(())
    })?;
    output.descriptors = descriptors;
    Ok(())
}

/// Sends a reply, or why it cannot be sent: results may have too many descriptors with them.
fn answer(parent: &Socket, sequence: u64, task: &str, output: &mut Packet) -> Result<()> {
    if let Err(error) = parent.send(output) {
        let failure = Some(Failure { location: task.to_owned(), message: error.to_string() });
        output
            .write(|bytes| packet::put(bytes, &Reply { sequence, done: 0, failure }, "a reply"))?;
        parent.send(output)?;
    }
    output.descriptors.clear();
    Ok(())
}

fn unknown(task: &str) -> Error {
    let source =
        io::Error::other(format!("`{task}` is in the parent's table but not in the worker's"));
    Error::System { doing: "find a task", source }
}

thread_local! {
    /// Whether this thread is running a task, and whether a panic in it is printed: the parent reports those of a pool.
    static TASK: Cell<Option<bool>> = const { Cell::new(None) };
    static LAST_PANIC: RefCell<Failure> = RefCell::default();
}

fn in_task<R>(print: bool, call: impl FnOnce() -> R) -> R {
    TASK.set(Some(print));
    let result = call();
    TASK.set(None);
    result
}

/// Keeps place and text of a task's panic for the parent.
fn hook_panics() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        let Some(print) = TASK.get() else { return before(info) };
        let message = info.payload_as_str().unwrap_or("a panic without a text").to_owned();
        let location =
            info.location().map_or_else(|| "an unknown place".into(), ToString::to_string);
        if print && !is_closed_pipe(&message) {
            eprintln!(
                "process {} (pid {}) panicked at {location}:\n{message}",
                current_name(),
                std::process::id()
            );
        }
        LAST_PANIC.set(Failure { location, message });
    }));
}

/// What `println!` says after `| head -1` has gone: no fault of the task, so nothing is printed about it.
fn is_closed_pipe(message: &str) -> bool {
    message.starts_with("failed printing to stdout") && message.contains("Broken pipe")
}
