//! What the grid times: the same four kinds of work, blocking and awaiting.

use std::{fs, hint::black_box, path::PathBuf, thread, time::Duration};

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::compare::cpu_bound_task;

/// A piece of work; data, so that it can cross to a process.
#[derive(Clone, Deserialize, Serialize)]
pub enum Work {
    Wait(Duration),
    Network(String),
    File(PathBuf),
    Computation(u64),
}

pub const FILE_SIZE: usize = 16 << 20;

impl Work {
    pub fn blocking(&self) -> Result<()> {
        match self {
            Self::Wait(wait) => thread::sleep(*wait),
            Self::Network(page) => {
                // Parsed again, because in a worker process `url` has yet to prepare for https.
                reqwest::blocking::get(url(page)?)?.error_for_status()?.bytes()?;
            }
            Self::File(path) => check(&fs::read(path)?)?,
            Self::Computation(additions) => _ = black_box(cpu_bound_task(*additions)),
        }
        Ok(())
    }

    /// A file is read by a thread of tokio's, as there is nothing else; a computation is done on the
    /// spot and holds up the event loop, which is the point.
    pub async fn awaiting(&self, client: &reqwest::Client) -> Result<()> {
        match self {
            Self::Wait(wait) => tokio::time::sleep(*wait).await,
            Self::Network(page) => {
                client.get(page).send().await?.error_for_status()?.bytes().await?;
            }
            Self::File(path) => check(&tokio::fs::read(path).await?)?,
            Self::Computation(_) => self.blocking()?,
        }
        Ok(())
    }
}

pub fn url(text: &str) -> Result<reqwest::Url> {
    lab::site::url(text).map_err(anyhow::Error::msg)
}

fn check(bytes: &[u8]) -> Result<()> {
    anyhow::ensure!(bytes.len() == FILE_SIZE, "the file has {} bytes", bytes.len());
    Ok(())
}
