//! What the tests share: the lessons' programs, run with a hard time limit.

pub mod faults;
pub mod hostile;

use std::{
    collections::HashMap,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use xtask::{
    cargo,
    catalogue::package,
    child::{self, Finished},
};

/// Simulated waits are this much shorter than the tutorials'.
pub const PACE: f64 = 0.05;

/// Far more than any test needs: it ends a hang, it does not measure.
pub const LIMIT: Duration = Duration::from_secs(120);

/// What ends at once ends sooner: the waits that Ctrl-C ends in the tests take 20 s and more, and an event loop that has to
/// be given up, 5 s.
pub const LONG_BEFORE: Duration = Duration::from_secs(4);

/// The programs of all packages, built once.
///
/// # Errors
/// If they do not build.
pub fn programs() -> Result<&'static HashMap<String, PathBuf>> {
    static PROGRAMS: OnceLock<HashMap<String, PathBuf>> = OnceLock::new();
    if PROGRAMS.get().is_none() {
        // If two tests come here at once, both have built the same.
        let _ = PROGRAMS.set(cargo::build(false)?);
    }
    PROGRAMS.get().context("the programs are not built")
}

/// A program of ours, by its name, at the tests' pace.
///
/// # Errors
/// If it does not build.
pub fn program(name: &str) -> Result<Command> {
    let path = programs()?.get(name).with_context(|| format!("there is no program {name}"))?;
    // Under a shell's `&` SIGINT is ignored, and stays so in what is started from there: a test that
    // sends Ctrl-C would wait in vain. env(1) sets it back, which Rust can only do with `unsafe`.
    let mut command = Command::new("env");
    command.arg("--default-signal=INT").arg(path);
    command.env("PACE", PACE.to_string()).stdin(Stdio::null());
    Ok(command)
}

/// An example with arguments.
///
/// # Errors
/// If its lesson does not build.
pub fn example(lesson: &str, name: &str, args: &[&str]) -> Result<Command> {
    let mut command = program(&package(lesson))?;
    command.arg(name).args(args);
    Ok(command)
}

/// Runs to the end, at most [`LIMIT`].
///
/// # Errors
/// If the program cannot be started.
pub fn run(command: &mut Command) -> Result<Finished> {
    let done = child::run(command, LIMIT, |_| ())?;
    assert!(!done.timed_out, "{command:?} did not end: {}{}", done.stdout, done.stderr);
    Ok(done)
}

/// Processes that have a variable of that value in their environment.
///
/// # Errors
/// If `/proc` cannot be read.
pub fn with_environment(name: &str, value: &str) -> Result<Vec<i32>> {
    let entry = format!("{name}={value}");
    let mut found = Vec::new();
    for process in fs::read_dir("/proc")? {
        let process = process?;
        // Processes of others, and those that end just now, cannot be read.
        let Ok(environment) = fs::read(process.path().join("environ")) else { continue };
        let mut variables = environment.split(|byte| *byte == 0);
        if variables.any(|variable| variable == entry.as_bytes()) {
            found.extend(process.file_name().to_string_lossy().parse::<i32>());
        }
    }
    Ok(found)
}

/// Waits for what must come; only its never coming is an error.
///
/// # Errors
/// If it does not come within [`LIMIT`], or `condition` fails.
pub fn wait_until(condition: impl Fn() -> Result<bool>) -> Result<()> {
    let begin = Instant::now();
    while !condition()? {
        anyhow::ensure!(begin.elapsed() < LIMIT, "waited in vain");
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// The code of docs/primer.md: `cargo test --doc` compiles and runs it.
#[cfg(doctest)]
#[doc = include_str!("../../docs/primer.md")]
pub struct Primer;
