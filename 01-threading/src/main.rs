//! Lesson 01: threads.

mod counter;
mod daemon;
mod gil;
mod interleaving;
mod web_scraping;
mod work_queue;
mod workers;

use std::process::ExitCode;

/// Threads: Python's `threading` and `queue`, in Rust
#[derive(clap::Subcommand)]
enum Example {
    Workers(workers::Args),
    Interleaving(interleaving::Args),
    Counter(counter::Args),
    Daemon(daemon::Args),
    WorkQueue(work_queue::Args),
    WebScraping(web_scraping::Args),
    Gil(gil::Args),
}

impl lab::Lesson for Example {
    const NAME: &str = "01-threading";

    fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Workers(args) => workers::run(args),
            Self::Interleaving(args) => interleaving::run(&args),
            Self::Counter(args) => counter::run(&args),
            Self::Daemon(args) => daemon::run(&args),
            Self::WorkQueue(args) => work_queue::run(&args),
            Self::WebScraping(args) => web_scraping::run(&args),
            Self::Gil(args) => gil::run(&args),
        }
    }
}

fn main() -> ExitCode {
    lab::main::<Example>()
}
