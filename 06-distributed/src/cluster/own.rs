//! The cluster that a job runs on: one that is there, or one of its own, as of Dask's `Client()` without an address.

use std::{
    env,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    thread::available_parallelism,
};

use anyhow::{Context, Result};
use lab::Misuse;

/// A cluster that can be reached.
pub struct Cluster {
    /// The `HOST:PORT` of its scheduler.
    pub address: String,
    _own: Option<Own>,
}

impl Cluster {
    /// The one at that address; or a new one on this machine, with so many executors or one for each core.
    ///
    /// # Errors
    /// If the executors of a cluster that is there are counted, or a new one does not start.
    pub fn new(address: Option<String>, executors: Option<usize>) -> Result<Self> {
        if let Some(address) = address {
            if executors.is_some() {
                let reason = format!("--workers: the cluster at df://{address} has its executors");
                return Err(Misuse(reason).into());
            }
            return Ok(Self { address, _own: None });
        }
        let executors = match executors {
            Some(executors) => executors,
            None => available_parallelism().context("cannot count the cores")?.get(),
        };
        let mut own = Own::start(executors).context("cannot start a cluster")?;
        let address = own.address().context("the cluster did not start")?;
        Ok(Self { address, _own: Some(own) })
    }
}

/// This program once more, as a whole cluster. It ends when its standard input does: also if this process is killed.
struct Own(Child);

impl Own {
    fn start(executors: usize) -> Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.args(["cluster", "--port", "0", "--until-eof"]);
        command.args(["--executors", &executors.to_string()]);
        // Ctrl-C at the terminal goes to us, who cancel the job first.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0);
        Ok(Self(command.spawn()?))
    }

    /// Waits until it says where it is.
    fn address(&mut self) -> Result<String> {
        let stdout = self.0.stdout.as_mut().context("it has no output")?;
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            let all_there = line.strip_prefix("cluster of ");
            if let Some((_, rest)) = all_there.and_then(|line| line.split_once("df://")) {
                return Ok(rest.split(';').next().unwrap_or(rest).into());
            }
        }
        anyhow::bail!("it ended before it was there")
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        // `wait` closes its standard input first.
        let _ = self.0.wait();
    }
}
