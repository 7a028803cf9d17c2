//! What the library promises, and every failure provoked on purpose.
//!
//! Each test runs in a process of its own with a hard time-out, and must leave nothing behind: no child, no open
//! descriptor, no file. `cargo test -p lesson-02-multiprocessing --test processes -- kill` runs those with `kill` in
//! their names; `TIME_OUT=5` in the environment gives each 5 s instead of 60.

/// The tests of a module, for the child that runs one of them as `--only NAME`.
macro_rules! tests {
    ($($name:ident)*) => {
        pub const TESTS: &[crate::Test] = &[$((stringify!($name), $name)),*];
    };
}

mod descriptor;
mod lock;
mod manager;
mod parent;
mod pool;
mod pool_failures;
mod process;
mod queue;
mod semaphore;

use std::collections::BTreeSet;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitCode, Output};
use std::thread;
use std::time::{Duration, Instant};

use multiprocessing::Result;
use nix::errno::Errno;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

type Test = (&'static str, fn() -> Result<()>);

const MODULES: &[&[Test]] = &[
    process::TESTS,
    pool::TESTS,
    pool_failures::TESTS,
    lock::TESTS,
    queue::TESTS,
    semaphore::TESTS,
    descriptor::TESTS,
    manager::TESTS,
    parent::TESTS,
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args == ["--uninitialised"] {
        return parent::uninitialised();
    }
    let is_worker = std::env::args().next().is_some_and(|mark| mark.contains("worker: "));
    multiprocessing::init(|tasks| {
        process::register(tasks);
        pool::register(tasks);
        pool_failures::register(tasks);
        lock::register(tasks);
        queue::register(tasks);
        semaphore::register(tasks);
        descriptor::register(tasks);
        manager::register(tasks);
    });
    // It would run all tests, whose workers would run all tests.
    assert!(!is_worker, "`init` returned in a worker");
    match args.as_slice() {
        [flag, name] if flag == "--only" => only(name),
        [flag] if flag == "--parent" => parent::to_be_killed(),
        [flag] if flag == "--prints" => process::prints_from_worker(),
        [flag] if flag == "--prints-in-pool" => pool_failures::prints_from_pool(),
        [flag] if flag == "--fails" => process::fails_in_worker(),
        // Cargo passes flags on, such as --nocapture.
        args => all(args.iter().find(|arg| !arg.starts_with('-')).map_or("", String::as_str)),
    }
}

fn tests() -> impl Iterator<Item = Test> {
    MODULES.iter().copied().flatten().copied()
}

/// Runs each test whose name contains `filter`, until one hangs: what hangs one may hang them all.
fn all(filter: &str) -> ExitCode {
    let seconds = std::env::var("TIME_OUT").map_or(60, |it| it.parse().expect("whole seconds"));
    let limit = Duration::from_secs(seconds);
    let mut failed = 0;
    for (name, _) in tests().filter(|(name, _)| name.contains(filter)) {
        let mut child =
            this_program(&["--only", name]).process_group(0).spawn().expect("start a test");
        let verdict = wait(&mut child, limit);
        // Whatever the test left in its group.
        let _ = killpg(Pid::from_raw(child.id() as i32), Signal::SIGKILL);
        match verdict {
            Some(true) => println!("test {name} ... ok"),
            Some(false) => println!("test {name} ... FAILED"),
            None => println!("test {name} ... FAILED: it hangs, not done in {limit:?}"),
        }
        failed += u32::from(verdict != Some(true));
        if verdict.is_none() {
            println!("what follows is not run");
            break;
        }
    }
    println!("{failed} failed");
    ExitCode::from(u8::from(failed > 0))
}

fn wait(child: &mut Child, limit: Duration) -> Option<bool> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait().expect("wait for a test") {
            return Some(status.success());
        }
        if Instant::now() > deadline {
            return None;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

fn only(name: &str) -> ExitCode {
    let Some((_, test)) = tests().find(|(known, _)| *known == name) else {
        return ExitCode::FAILURE;
    };
    // Two rounds: the second may leave nothing that was not there after the first.
    for round in 0..2 {
        let before = (open_files(), lasting_files());
        if let Err(error) = test() {
            eprintln!("{name}: {error}");
            return ExitCode::FAILURE;
        }
        if round == 1 {
            assert_eq!((open_files(), lasting_files()), before, "files before and after");
        }
        let children = waitpid(None, Some(WaitPidFlag::WNOHANG));
        assert_eq!(children, Err(Errno::ECHILD), "a child is left");
    }
    ExitCode::SUCCESS
}

fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("list descriptors").count()
}

/// Shared memory files by name; ours have none. Not those that a Python program beside us makes for a moment.
fn lasting_files() -> BTreeSet<std::ffi::OsString> {
    let list = |path| {
        std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.file_name())
    };
    list("/dev/shm").filter(|name| !name.as_encoded_bytes().starts_with(b"sem.mp-")).collect()
}

fn this_program(args: &[&str]) -> Command {
    let mut command = Command::new("/proc/self/exe");
    command.args(args);
    command
}

/// Runs this program with an output that nobody reads.
fn unread(args: &[&str]) -> Output {
    // Closed before the program starts, which may print at once.
    let (_, writer) = std::io::pipe().expect("make a pipe");
    this_program(args).stdout(writer).output().expect("run this program")
}

fn send(pid: u32, signal: Signal) {
    assert!(pid > 1, "{pid} stands for a whole group, or for the first of all processes");
    nix::sys::signal::kill(Pid::from_raw(pid.cast_signed()), signal).expect("send a signal");
}

fn kill(pid: u32) {
    send(pid, Signal::SIGKILL);
}

/// Tries until `work` takes less than `limit`, which the library promises on a machine that is not busy with other things.
fn within(limit: Duration, mut work: impl FnMut() -> Result<Duration>) -> Result<()> {
    let mut times = Vec::new();
    while times.last().is_none_or(|time| *time >= limit) {
        assert!(times.len() < 100, "never within {limit:?}: {times:?}");
        times.push(work()?);
    }
    Ok(())
}
