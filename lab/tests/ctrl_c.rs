//! Ctrl-C after an event loop has ended: answered as if there had been none. And what becomes of temporary folders.
#![cfg(all(feature = "event-loop", feature = "scratch"))]

use std::{
    env, fs,
    io::{BufRead, BufReader, Read},
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{self, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use nix::{
    sys::signal::{Signal, kill, raise},
    unistd::Pid,
};

/// What a child prints when it has no event loop any more, and then what else there is to say.
const OVER: &str = "the event loops are over: ";

/// Run by a test below, in a process of its own: two event loops, and then something that takes long.
#[test]
#[ignore = "a test's child"]
fn two_event_loops_and_then_no_more() -> Result<()> {
    for _ in 0..2 {
        lab::event_loop::run(async { Ok(()) })?;
    }
    println!("{OVER}");
    thread::sleep(Duration::from_secs(20));
    Ok(())
}

/// Run by a test below: Ctrl-C comes as the last thing that an event loop does, before whoever listens can hear of it.
#[test]
#[ignore = "a test's child"]
fn the_last_moment_of_an_event_loop() -> Result<()> {
    for run in 0..100 {
        let done = lab::event_loop::run(async { Ok(raise(Signal::SIGINT)?) });
        let error = done.err().with_context(|| format!("run {run} has not heard it"))?;
        ensure!(error.is::<lab::Interrupted>(), "{error:#}");
    }
    Ok(())
}

/// The same with a temporary folder, whose removal is an answer to Ctrl-C too.
#[test]
#[ignore = "a test's child"]
fn a_folder_and_an_event_loop() -> Result<()> {
    let folder = lab::scratch::Scratch::new()?;
    lab::event_loop::run(async { Ok(()) })?;
    println!("{OVER}{}", folder.path().display());
    thread::sleep(Duration::from_secs(20));
    Ok(())
}

/// A temporary folder at which a thread works. Its files are gone a moment before the program is.
#[test]
#[ignore = "a test's child"]
fn a_folder_that_is_in_use() -> Result<()> {
    let folder = lab::scratch::Scratch::new()?;
    let path = folder.path().join("file");
    for number in 0..1000 {
        fs::write(path.with_extension(number.to_string()), "")?;
    }
    println!("{OVER}{}", folder.path().display());
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(20) {
        if let Err(error) = fs::write(&path, "") {
            lab::scratch::wait_if_ending();
            eprintln!("{error}");
            process::exit(1);
        }
    }
    Ok(())
}

/// The same where Ctrl-C was ignored from the beginning: it comes a thousand times.
#[test]
#[ignore = "a test's child"]
fn a_folder_and_an_ignored_ctrl_c() -> Result<()> {
    let folder = lab::scratch::Scratch::new()?;
    for number in 0..1000 {
        raise(Signal::SIGINT)?;
        fs::write(folder.path().join(number.to_string()), "")?;
    }
    println!("{OVER}{}", folder.path().display());
    thread::sleep(Duration::from_secs(20));
    Ok(())
}

#[test]
fn who_finds_that_a_temporary_folder_is_gone_can_wait_for_the_end() -> Result<()> {
    let (status, folder) = interrupted("a_folder_that_is_in_use")?;
    assert_eq!(status.code(), Some(130), "{status}");
    assert!(!Path::new(&folder).exists(), "{folder} is still there");
    Ok(())
}

#[test]
fn an_ignored_ctrl_c_stays_ignored() -> Result<()> {
    let mut command = Command::new("env");
    command.arg("--ignore-signal=INT").arg(env::current_exe()?);
    command.args(["a_folder_and_an_ignored_ctrl_c", "--exact", "--ignored", "--nocapture"]);
    let (status, folder) = signalled(command, Signal::SIGTERM)?;
    assert_eq!(status.code(), Some(143), "{status}");
    assert!(!Path::new(&folder).exists(), "{folder} is still there");
    Ok(())
}

#[test]
fn after_the_event_loop_ctrl_c_ends_the_program_at_once() -> Result<()> {
    let (status, _) = interrupted("two_event_loops_and_then_no_more")?;
    assert_eq!(status.signal(), Some(Signal::SIGINT as i32), "{status}");
    Ok(())
}

#[test]
fn the_event_loop_hears_ctrl_c_to_its_last_moment() -> Result<()> {
    let child = child("the_last_moment_of_an_event_loop")?.output()?;
    ensure!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    Ok(())
}

#[test]
fn after_the_event_loop_ctrl_c_still_removes_temporary_folders() -> Result<()> {
    let (status, folder) = interrupted("a_folder_and_an_event_loop")?;
    assert_eq!(status.code(), Some(130), "{status}");
    assert!(!folder.is_empty() && !Path::new(&folder).exists(), "{folder} is still there");
    Ok(())
}

/// One of the tests above, which is to be run in a process of its own.
fn child(name: &str) -> Result<Command> {
    // env(1) because SIGINT is ignored in what a shell's `&` starts, this test included.
    let mut command = Command::new("env");
    command.arg("--default-signal=INT").arg(env::current_exe()?);
    command.args([name, "--exact", "--ignored", "--nocapture"]);
    Ok(command)
}

/// How the child ends on Ctrl-C, and what it said.
fn interrupted(name: &str) -> Result<(ExitStatus, String)> {
    signalled(child(name)?, Signal::SIGINT)
}

fn signalled(mut command: Command, signal: Signal) -> Result<(ExitStatus, String)> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
    let said = loop {
        // The test harness writes the test's name on the same line.
        let line = lines.next().context("the child ended early")??;
        if let Some((_, said)) = line.split_once(OVER) {
            break said.to_owned();
        }
    };
    let begin = Instant::now();
    kill(Pid::from_raw(child.id().cast_signed()), signal)?;
    let mut stderr = String::new();
    child.stderr.take().context("no errors")?.read_to_string(&mut stderr)?;
    let status = child.wait()?;
    assert!(begin.elapsed() < Duration::from_secs(10), "it waited to its end: {status}");
    assert_eq!(stderr, "");
    Ok((status, said))
}
