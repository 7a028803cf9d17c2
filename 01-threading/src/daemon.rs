//! A background thread works for two seconds; the program ends at once, and the thread with it.
//!
//! Ports: introduction section 3
//! Python → Rust: `Thread(daemon=True)` → `thread::spawn`, and no `join` · `daemon=False` → keep the
//! `JoinHandle` and `join` it
//!
//! Python waits for a thread unless it is a daemon. A Rust program ends when `main` does, whatever its
//! threads are doing: each of them is a daemon, and one that must finish has to be joined (`--join`)
//! or started in a `thread::scope`. An end in mid-work runs no destructor and flushes no file.
//!
//! Run: `cargo 01-threading daemon`, then with `--join`

use std::{sync::mpsc, thread};

use anyhow::{Context, Result, anyhow};
use tracing::info_span;

/// A background thread ends with the program
#[derive(clap::Args)]
pub struct Args {
    /// Seconds that the background thread works
    #[arg(long, default_value = "2", value_parser = lab::args::seconds)]
    wait: f64,
    /// Wait for it before the program ends
    #[arg(long)]
    join: bool,
}

pub fn run(args: &Args) -> Result<()> {
    let (started, has_started) = mpsc::channel();
    let wait = lab::seconds(args.wait);
    let daemon = thread::Builder::new()
        .spawn(move || {
            let _span = info_span!("daemon").entered();
            println!("Daemon thread: started");
            // Fails only if the main thread is gone, and then this one is too.
            let _ = started.send(());
            thread::sleep(wait);
            println!("Daemon thread: finished");
        })
        .context("cannot start the daemon thread")?;
    has_started.recv()?;
    if args.join {
        daemon.join().map_err(|_| anyhow!("the daemon thread panicked"))?;
    }
    println!("Main thread: done");
    Ok(())
}
