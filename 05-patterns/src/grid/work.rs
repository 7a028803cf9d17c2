//! What the grid times: four kinds of work, blocking and awaiting.

use std::{ffi::OsString, fs, path::Path, thread, time::Duration};

use anyhow::{Result, ensure};
use lab::site::{Page, Url};
use serde::{Deserialize, Serialize};

use crate::compare::cpu_bound_task;

pub const WORKS: [&str; 4] = ["wait", "network", "file", "computation"];

pub const FILE_SIZE: usize = 16 << 20;

/// A piece of work; data, so that it can cross to a process.
#[derive(Clone, Deserialize, Serialize)]
pub enum Work {
    Wait(Duration),
    Network(String),
    /// Its path, which need not be UTF-8 to cross.
    File(OsString),
    Computation(u64),
}

impl Work {
    /// The work of that name.
    pub fn new(name: &str, wait: f64, additions: u64, file: &Path) -> Result<Self> {
        Ok(match name {
            "wait" => Self::Wait(lab::seconds(wait)),
            "network" => Self::Network(url("lab:python.org")?.into()),
            "file" => Self::File(file.into()),
            _ => Self::Computation(additions),
        })
    }

    pub fn blocking(&self) -> Result<()> {
        match self {
            Self::Wait(wait) => thread::sleep(*wait),
            Self::Network(page) => {
                // Parsed again, because in a worker process `url` has yet to prepare for https.
                reqwest::blocking::get(url(page)?)?.error_for_status()?.bytes()?;
            }
            Self::File(path) => check(&fs::read(path)?)?,
            Self::Computation(additions) => cpu_bound_task(*additions),
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

/// Its error is text, because only data can cross between processes.
pub fn in_a_process(work: Work) -> Result<(), String> {
    work.blocking().map_err(|error| format!("{error:#}"))
}

fn url(text: &str) -> Result<Url> {
    text.parse::<Page>().map_err(anyhow::Error::msg)?.url()
}

fn check(bytes: &[u8]) -> Result<()> {
    ensure!(bytes.len() == FILE_SIZE, "the file has {} bytes", bytes.len());
    Ok(())
}
