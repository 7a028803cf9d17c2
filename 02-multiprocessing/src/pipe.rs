//! Two processes talk both ways over a pipe.
//!
//! Ports: introduction section 7 · techniques slide 6 · slideshow slide 10 (each names the pipe)
//! Python → Rust: `parent, child = Pipe()` → `let Pipe { parent, child } = Pipe::new()?` · `EOFError` → `None`
//!
//! A forked Python child must close its copy of the parent's end, or its input never ends; here it has only its own.
//!
//! Run: `cargo 02-multiprocessing pipe --items 3`

use anyhow::{Context, Result};
use multiprocessing::{End, Pipe, Process, Tasks};
use tracing::info_span;

fn answer(end: End<u64, u32>) -> multiprocessing::Result<()> {
    let _span = info_span!("answer").entered();
    while let Some(number) = end.recv()? {
        end.send(u64::from(number).pow(2))?;
    }
    Ok(())
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(answer);
}

/// Two processes talk both ways
#[derive(clap::Args)]
pub struct Args {
    /// Numbers to send
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    items: u32,
}

pub fn run(args: Args) -> Result<()> {
    let Pipe { parent, child } = Pipe::new()?;
    let process = Process::spawn(answer, (child,))?;
    for number in 1..=args.items {
        parent.send(number)?;
        let square: u64 = parent.recv()?.context("the other process has ended")?;
        println!("Sent {number}, received {square}");
    }
    drop(parent); // The other end's `recv` gives `None`.
    Ok(process.join()?)
}
