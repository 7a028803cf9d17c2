//! Lesson 06: map and reduce, from one core to a cluster.

mod bag;
mod on;
mod word_count;

use std::process::ExitCode;

/// Map and reduce on threads, on processes, and on a cluster: Python's Dask, in Rust
#[derive(clap::Subcommand)]
enum Example {
    Bag(bag::Args),
    WordCount(word_count::Args),
}

impl lab::Lesson for Example {
    const NAME: &str = "06-distributed";

    fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Bag(args) => bag::run(&args),
            Self::WordCount(args) => word_count::run(args),
        }
    }
}

fn main() -> ExitCode {
    lab::main_after::<Example>(|| {
        lab::bucket::serve_if_asked();
        multiprocessing::init(|tasks| {
            bag::register(tasks);
            word_count::register(tasks);
        });
    })
}
