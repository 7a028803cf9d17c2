//! Ctrl-C after an event loop has ended: answered as if there had been none.
#![cfg(all(feature = "event-loop", feature = "scratch"))]

use std::{
    env,
    io::{BufRead, BufReader, Read},
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use nix::{
    sys::signal::{Signal, kill},
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

#[test]
fn after_the_event_loop_ctrl_c_ends_the_program_at_once() -> Result<()> {
    let (status, _) = interrupted("two_event_loops_and_then_no_more")?;
    assert_eq!(status.signal(), Some(Signal::SIGINT as i32), "{status}");
    Ok(())
}

#[test]
fn after_the_event_loop_ctrl_c_still_removes_temporary_folders() -> Result<()> {
    let (status, folder) = interrupted("a_folder_and_an_event_loop")?;
    assert_eq!(status.code(), Some(130), "{status}");
    assert!(!folder.is_empty() && !Path::new(&folder).exists(), "{folder} is still there");
    Ok(())
}

/// How the child ends on Ctrl-C, and what it said.
fn interrupted(child: &str) -> Result<(ExitStatus, String)> {
    // env(1) because SIGINT is ignored in what a shell's `&` starts, this test included.
    let mut command = Command::new("env");
    command.arg("--default-signal=INT").arg(env::current_exe()?);
    command.args([child, "--exact", "--ignored", "--nocapture"]);
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
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT)?;
    let mut stderr = String::new();
    child.stderr.take().context("no errors")?.read_to_string(&mut stderr)?;
    let status = child.wait()?;
    assert!(begin.elapsed() < Duration::from_secs(10), "it waited to its end: {status}");
    assert_eq!(stderr, "");
    Ok((status, said))
}
