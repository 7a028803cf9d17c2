//! When a role ends.

use std::{io, thread};

use anyhow::{Context, Result};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

/// When a role ends: at Ctrl-C, at SIGTERM, or as asked here.
#[derive(clap::Args)]
pub struct End {
    /// End when standard input ends, for a program that starts this one and may be killed
    #[arg(long)]
    until_eof: bool,
}

impl End {
    /// Waits for it.
    pub async fn wait(&self) -> Result<()> {
        let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?;
        let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
        let (at_eof, eof) = oneshot::channel();
        if self.until_eof {
            // A thread of its own, which nothing waits for: a read cannot be cancelled.
            thread::spawn(|| {
                let _ = io::copy(&mut io::stdin(), &mut io::sink());
                let _ = at_eof.send(());
            });
        }
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            Ok(()) = eof => {}
        }
        Ok(())
    }
}
