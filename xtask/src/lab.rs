//! `cargo xtask lab`: the local site in the foreground; and the same for the other commands.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, ExitCode, Stdio},
};

use anyhow::{Context, Result};

use crate::cargo;

/// Run the local web site and print its address, for programs of both languages
#[derive(clap::Args)]
pub struct Args {}

/// Becomes the lab's own program.
///
/// # Errors
/// If it cannot be started.
pub fn run(_: &Args) -> Result<ExitCode> {
    let mut command = cargo::command();
    Err(command.args(["run", "--quiet", "--package", "lab"]).exec()).context("cannot start cargo")
}

/// The local site as a process that ends when this is dropped, or when this process dies.
pub struct Lab {
    child: Child,
    site: String,
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
        let site = line.trim().strip_prefix("LAB_SITE=").context("the lab did not start")?;
        Ok(Self { child, site: site.to_owned() })
    }

    /// The site's address, for `LAB_SITE`.
    pub fn site(&self) -> &str {
        &self.site
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
