//! The best that there is for the same work, in place of the twin: what a reader would pick instead.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{contender::Contender, report::Lack};
use crate::{
    catalogue::{Peer, root},
    python::{self, Python},
};

/// What they run on.
pub struct Peers {
    /// With their libraries, and with their commands beside it.
    python: Python,
    /// The folders of commands, as in `PATH`.
    path: OsString,
}

impl Peers {
    /// Makes their environment on first use.
    ///
    /// # Errors
    /// If there is no Python, or the environment cannot be made.
    pub fn ready() -> Result<Self> {
        let python = python::for_peers()?;
        let commands = python.interpreter.parent().map(Path::to_owned);
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(commands.into_iter().chain(env::split_paths(&path)))
            .context("a folder with a colon in its name cannot be in PATH")?;
        Ok(Self { python, path })
    }

    /// One of them, with its arguments.
    pub fn contender<'a>(&'a self, peer: &'a Peer) -> Contender<'a> {
        let file = root().join(&peer.program);
        let is_shell = file.extension().is_some_and(|extension| extension == "sh");
        let (mut command, twin) = if is_shell {
            let mut path = OsString::from("PATH=");
            path.push(&self.path);
            (vec!["env".into(), path, "sh".into(), file.into()], None)
        } else {
            let command = self.python.command(&file);
            let words = [command.get_program()].into_iter().chain(command.get_args());
            (words.map(OsString::from).collect(), Some((&self.python, file)))
        };
        command.extend(peer.bench.iter().map(OsString::from));
        let lack = peer.needs.as_ref().filter(|needs| self.find(needs).is_none());
        let lack = lack.map(|needs| Lack {
            what: format!("no {needs}"),
            reason: format!("the command {needs} is not installed"),
        });
        Contender { label: &peer.name, command, twin, lack }
    }

    fn find(&self, command: &str) -> Option<PathBuf> {
        env::split_paths(&self.path).map(|folder| folder.join(command)).find(|file| file.is_file())
    }
}
