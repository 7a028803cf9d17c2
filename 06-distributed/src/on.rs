//! `--on`: what a computation runs on.

use std::str::FromStr;

/// What a computation runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum On {
    /// Threads of this process.
    Threads,
    /// Processes on this machine.
    Processes,
    /// The cluster whose scheduler is at `HOST:PORT`; without that one of its own, on this machine.
    Cluster(Option<String>),
}

impl FromStr for On {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "threads" => Ok(Self::Threads),
            "processes" => Ok(Self::Processes),
            "cluster" => Ok(Self::Cluster(None)),
            _ => match address(text) {
                Ok(address) if text.starts_with("df://") => Ok(Self::Cluster(Some(address))),
                _ => Err("must be threads, processes, cluster or df://HOST:PORT".into()),
            },
        }
    }
}

/// The same for numbers, which a GPU can compute with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnOrGpu {
    /// What words can be counted on, too.
    On(On),
    /// A graphics card, or what stands in for one.
    Gpu,
}

impl FromStr for OnOrGpu {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "gpu" {
            return Ok(Self::Gpu);
        }
        let on = text.parse().map(Self::On);
        on.map_err(|_| "must be threads, processes, gpu, cluster or df://HOST:PORT".into())
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
