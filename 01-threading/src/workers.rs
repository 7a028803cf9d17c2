//! Named workers wait side by side: three waits of two seconds take two seconds, not six.
//!
//! Ports: approaches slide 2 · techniques slide 2 · slideshow slide 1 · comparison section 1
//! Python → Rust: `Thread(target=worker, args=(name,))` → `thread::Builder::spawn_scoped` ·
//! `join` of each → the end of `thread::scope`
//!
//! The threads borrow `name` and `args`. Only a scope allows that, because it joins them all before
//! it returns; a thread of plain `thread::spawn` may outlive its caller and must own what it uses.
//! Rust names no thread by itself, so these get the names that Python would give.
//!
//! Run: `cargo 01-threading workers A B --words techniques`
//! Lines of different workers may swap.

use std::thread;

use anyhow::{Context, Result};
use tracing::info_span;

/// Named workers wait side by side
#[derive(clap::Args)]
pub struct Args {
    /// Name of each worker
    #[arg(default_values = ["0", "1", "2"], conflicts_with = "workers")]
    names: Vec<String>,
    /// So many workers, named 0, 1, 2 and so on
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    workers: Option<u32>,
    /// Seconds that each one waits
    #[arg(long, default_value = "2", value_parser = lab::args::seconds)]
    wait: f64,
    /// Whose printed lines to use
    #[arg(long, default_value = "approaches")]
    words: Words,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Words {
    Approaches,
    Techniques,
    Slideshow,
    Comparison,
}

pub fn run(mut args: Args) -> Result<()> {
    if let Some(workers) = args.workers {
        args.names = (0..workers).map(|number| number.to_string()).collect();
    }
    thread::scope(|scope| {
        for (number, name) in (1..).zip(&args.names) {
            thread::Builder::new()
                .name(format!("Thread-{number} (worker)"))
                .spawn_scoped(scope, || worker(name, &args))
                .with_context(|| format!("cannot start worker {name}"))?;
        }
        if args.words == Words::Slideshow {
            println!("Main thread waiting for worker threads to finish...");
        }
        anyhow::Ok(())
    })?;
    match args.words {
        Words::Approaches => println!("All workers finished"),
        Words::Techniques => println!("All workers completed"),
        Words::Slideshow => println!("All worker threads have finished."),
        Words::Comparison => println!("All threads have completed"),
    }
    Ok(())
}

fn worker(name: &str, args: &Args) {
    let _span = info_span!("worker", name).entered();
    let thread = thread::current();
    let thread = thread.name().unwrap_or("without a name");
    match args.words {
        Words::Approaches | Words::Techniques => println!("Worker {name} starting"),
        Words::Slideshow => println!("Worker thread started: {thread}"),
        Words::Comparison => println!("Thread {thread} is running"),
    }
    thread::sleep(lab::seconds(args.wait));
    match args.words {
        Words::Approaches | Words::Techniques => println!("Worker {name} finished"),
        Words::Slideshow => println!("Worker thread finished: {thread}"),
        Words::Comparison => {}
    }
}
