//! The same task as a thread, as a process, and as a task on an event loop.
//!
//! Ports: approaches slide 1 · techniques slide 1
//! Python → Rust: `threading.Thread` → `thread::spawn` · `multiprocessing.Process` →
//! `multiprocessing::Process` · `asyncio.run` → `lab::event_loop::run`
//!
//! A thread can share what its caller has; a process is this program executed again and gets a
//! copy; an event loop takes turns, so its task must `.await` where the others sleep. The slides
//! name the three, or make them and start one; here all three run, side by side.
//!
//! Run: `cargo 05-patterns three-ways --wait 1 --words techniques`
//! The order of the lines may vary.

use std::thread;

use anyhow::{Result, anyhow};
use multiprocessing::{Process, Tasks};
use serde::{Deserialize, Serialize};
use tracing::{Instrument, info_span};

/// The same task as a thread, a process and an async task
#[derive(clap::Args)]
pub struct Args {
    /// Seconds that each one waits
    #[arg(long, default_value = "0", value_parser = lab::args::seconds)]
    wait: f64,
    /// Whose printed lines to use
    #[arg(long, default_value = "approaches")]
    words: Words,
}

#[derive(Clone, Copy, Deserialize, Serialize, clap::ValueEnum)]
enum Words {
    Approaches,
    Techniques,
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(in_a_process);
}

pub fn run(args: &Args) -> Result<()> {
    let Args { wait, words } = *args;
    let thread = thread::spawn(move || in_a_thread(wait, words));
    let process = Process::spawn(in_a_process, (wait, words))?;
    lab::event_loop::run(async_task(wait, words).instrument(info_span!("async_task")))?;
    process.join()?;
    thread.join().map_err(|_| anyhow!("the thread panicked"))
}

fn in_a_thread(wait: f64, words: Words) {
    concurrent_task(wait, words, "Threading: threading");
}

fn in_a_process(wait: f64, words: Words) {
    concurrent_task(wait, words, "Multiprocessing: multiprocessing");
}

fn concurrent_task(wait: f64, words: Words, name: &str) {
    let _span = info_span!("concurrent_task", name).entered();
    thread::sleep(lab::seconds(wait));
    finished(words, name);
}

async fn async_task(wait: f64, words: Words) -> Result<()> {
    tokio::time::sleep(lab::seconds(wait)).await;
    finished(words, "Asyncio: asyncio");
    Ok(())
}

fn finished(words: Words, name: &str) {
    match words {
        Words::Approaches => println!("{name}"),
        Words::Techniques => println!("{} finished", name.split(':').next().unwrap_or(name)),
    }
}
