//! Lesson 06: map and reduce, from one core to a cluster.

mod bag;
#[cfg(feature = "ballista")]
mod cluster;
#[cfg(not(feature = "ballista"))]
#[path = "no_cluster.rs"]
mod cluster;
mod on;
mod word_count;

use std::process::ExitCode;

/// Map and reduce on threads, on processes, and on a cluster: Python's Dask, in Rust
#[derive(clap::Subcommand)]
enum Example {
    Bag(bag::Args),
    WordCount(word_count::Args),
    #[cfg(feature = "ballista")]
    Scheduler(cluster::scheduler::Args),
    #[cfg(feature = "ballista")]
    Executor(cluster::executor::Args),
    #[cfg(feature = "ballista")]
    Cluster(cluster::local::Args),
}

impl lab::Lesson for Example {
    const NAME: &str = "06-distributed";
    const ROLES: &[&str] = &["scheduler", "executor", "cluster"];

    fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Bag(args) => bag::run(&args),
            Self::WordCount(args) => word_count::run(args),
            #[cfg(feature = "ballista")]
            Self::Scheduler(args) => cluster::scheduler::run(&args),
            #[cfg(feature = "ballista")]
            Self::Executor(args) => cluster::executor::run(&args),
            #[cfg(feature = "ballista")]
            Self::Cluster(args) => cluster::local::run(&args),
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
