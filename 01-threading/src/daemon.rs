//! A background thread works for two seconds; the program ends at once, and the thread with it.
//!
//! Ports: introduction section 3
//! Python → Rust: `Thread(daemon=True)` → `thread::spawn`, and no `join` · `daemon=False` → keep the
//! `JoinHandle` and `join` it
//!
//! Python waits for a thread unless it is a daemon. A Rust program ends when `main` does, whatever its
//! threads are doing: each of them is a daemon, and one that must finish has to be joined (`--join`).
//! An end in mid-work runs no destructor and flushes no file.
//!
//! Run: `cargo 01-threading daemon`, then with `--join`

use std::sync::mpsc::{self, Sender};
use std::thread;

use anyhow::Result;
use tracing::info_span;

fn background(started: &Sender<()>) {
    let _span = info_span!("daemon").entered();
    println!("Daemon thread: started");
    started.send(()).expect("the main thread waits for this");
    thread::sleep(lab::seconds(2.0));
    println!("Daemon thread: finished");
}

/// A background thread ends with the program
#[derive(clap::Args)]
pub struct Args {
    /// Wait for it before the program ends
    #[arg(long)]
    join: bool,
}

pub fn run(args: Args) -> Result<()> {
    let (started, has_started) = mpsc::channel();
    let daemon = thread::spawn(move || background(&started));
    has_started.recv()?;
    if args.join {
        daemon.join().expect("the daemon thread does not panic");
    }
    println!("Main thread: done");
    Ok(())
}
