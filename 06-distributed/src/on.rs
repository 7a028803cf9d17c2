//! `--on`: what a computation runs on.

use std::{str::FromStr, thread};

use anyhow::{Context, Result};
use multiprocessing::Pool;

/// What a computation runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum On {
    /// Threads of this process.
    Threads,
    /// Processes on this machine.
    Processes,
    /// The cluster whose scheduler is at `HOST:PORT`.
    Cluster(String),
}

impl FromStr for On {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "threads" => Ok(Self::Threads),
            "processes" => Ok(Self::Processes),
            _ => match address(text) {
                Ok(address) if text.starts_with("df://") => Ok(Self::Cluster(address)),
                _ => Err("must be threads, processes or df://HOST:PORT".into()),
            },
        }
    }
}

/// The `HOST:PORT` of a scheduler, with `df://` before it or not.
pub fn address(text: &str) -> Result<String, String> {
    let address = text.strip_prefix("df://").unwrap_or(text);
    match address.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => Ok(address.into()),
        _ => Err("must be a HOST:PORT".into()),
    }
}

/// So many processes, or one for each core.
pub fn processes(workers: Option<u16>) -> Result<Pool> {
    let cores = thread::available_parallelism().context("cannot count the cores")?;
    Ok(Pool::new(workers.map_or(cores.get(), usize::from))?)
}
