//! `--on`: what a computation runs on.

use std::{str::FromStr, thread};

use anyhow::{Context, Result, anyhow};
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
        let is_address = |address: &&str| {
            let port = address.rsplit_once(':').filter(|(host, _)| !host.is_empty());
            port.is_some_and(|(_, port)| port.parse::<u16>().is_ok())
        };
        match text {
            "threads" => Ok(Self::Threads),
            "processes" => Ok(Self::Processes),
            _ => match text.strip_prefix("df://").filter(is_address) {
                Some(address) => Ok(Self::Cluster(address.into())),
                None => Err("must be threads, processes or df://HOST:PORT".into()),
            },
        }
    }
}

/// So many processes, or one for each core.
pub fn processes(workers: Option<u16>) -> Result<Pool> {
    let cores = thread::available_parallelism().context("cannot count the cores")?;
    Ok(Pool::new(workers.map_or(cores.get(), usize::from))?)
}

/// Why there is no cluster in this program, and how to get one that has it.
#[cfg(not(feature = "ballista"))]
pub fn no_cluster(address: &str) -> anyhow::Error {
    anyhow!(
        "cannot run on df://{address}: this program was built without the cluster; run it as \
         `cargo run --release -p lesson-06-distributed --features ballista -- …`"
    )
}
