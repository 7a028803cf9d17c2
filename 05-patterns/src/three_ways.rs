//! The same task as a thread, as a process, and as a task on an event loop.
//!
//! Ports: approaches slide 1 · techniques slide 1
//! Python → Rust: `multiprocessing.Process` → `Process::spawn` · `asyncio.run(async_task())` → `#[tokio::main]` on it
//!
//! The process is this program executed again; the event loop takes turns: its task must `.await` where the others sleep.
//! Run: `cargo 05-patterns three-ways --wait 1`. A slide prints in order; here all run at once, and lines may swap.

use std::thread;

use multiprocessing::{Process, Tasks};

#[tracing::instrument]
fn concurrent_task(name: String, wait: f64) {
    thread::sleep(lab::seconds(wait));
    println!("{name}");
}

#[tracing::instrument]
#[tokio::main(flavor = "current_thread")]
async fn async_task(wait: f64) {
    tokio::time::sleep(lab::seconds(wait)).await;
    println!("Asyncio: asyncio");
}

/// The same task as a thread, a process and an async task
#[derive(clap::Args)]
pub struct Args {
    /// Seconds that each one waits
    #[arg(long, default_value = "0", value_parser = lab::args::seconds)]
    wait: f64,
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(concurrent_task);
}

pub fn run(args: Args) -> anyhow::Result<()> {
    let name = "Multiprocessing: multiprocessing".into();
    let process = Process::spawn(concurrent_task, (name, args.wait))?;
    let thread = thread::spawn(move || concurrent_task("Threading: threading".into(), args.wait));
    async_task(args.wait);
    thread.join().expect("the task does not panic");
    Ok(process.join()?)
}
