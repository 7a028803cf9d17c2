//! `cargo xtask lab`: the local site and bucket in the foreground; and the same for the other commands.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, ExitCode, Stdio},
};

use anyhow::{Context, Result, ensure};
use nix::unistd::Pid;

use crate::cargo;

/// Run the local web site and S3 bucket and print their addresses, for programs of both languages
#[derive(clap::Args)]
pub struct Args {}

/// Becomes the lab's own program.
///
/// # Errors
/// If it cannot be started.
pub fn run(_: &Args) -> Result<ExitCode> {
    let mut command = cargo::command();
    command.args(["run", "--quiet", "--bin", "lab"]);
    Err(command.exec()).context("cannot start cargo")
}

/// The local site and bucket, as a process that ends when this is dropped, or when this process dies.
pub struct Lab {
    child: Child,
    environment: Vec<(String, String)>,
}

impl Lab {
    /// Starts the lab from what [`cargo::build`] built, at `pace` if given.
    ///
    /// # Errors
    /// If it does not start.
    pub fn start(programs: &HashMap<String, PathBuf>, pace: Option<f64>) -> Result<Self> {
        let program = programs.get("lab").context("the lab is not built")?;
        let mut command = Command::new(program);
        command.arg("--until-eof").stdin(Stdio::piped()).stdout(Stdio::piped());
        // Ctrl-C at the terminal goes to us; the lab notices that we are gone.
        command.process_group(0);
        command.envs(pace.map(|pace| ("PACE", pace.to_string())));
        let mut child = command.spawn().context("cannot start the lab")?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("the lab has no output")?;
        BufReader::new(stdout).read_line(&mut line).context("cannot read the lab's address")?;
        let address = |text: &str| {
            text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        let environment: Vec<_> = line.split_whitespace().filter_map(address).collect();
        ensure!(!environment.is_empty(), "the lab did not start");
        Ok(Self { child, environment })
    }

    /// Where all of it is, as the environment variables `LAB_SITE` and `LAB_S3`.
    pub fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.environment.iter().map(|(name, value)| (&**name, &**value))
    }

    /// Its process.
    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed())
    }

    /// The address that such a variable gives, if there is one.
    pub fn address(&self, name: &str) -> Option<&str> {
        self.environment().find(|(it, _)| *it == name).map(|(_, address)| address)
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Reads a factor on the waits from a command line.
///
/// # Errors
/// What is wrong with it.
pub fn pace(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(pace) if pace > 0.0 && pace <= 100.0 => Ok(pace),
        _ => Err("must be a number above 0 and at most 100".into()),
    }
}
