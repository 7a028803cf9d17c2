//! Lesson 05: patterns.

mod choose;
mod compare;
mod io_and_cpu;
mod locks;
mod producer_consumer;
mod profiling;
mod three_ways;

use std::process::ExitCode;

/// Threads, processes and tasks side by side: patterns, locks, and which to choose
#[derive(clap::Subcommand)]
enum Example {
    ThreeWays(three_ways::Args),
    ProducerConsumer(producer_consumer::Args),
    IoAndCpu(io_and_cpu::Args),
    Choose(choose::Args),
    Compare(compare::Args),
    Locks(locks::Args),
    Profiling(profiling::Args),
}

impl lab::Lesson for Example {
    const NAME: &str = "05-patterns";

    fn run(self) -> anyhow::Result<()> {
        match self {
            Self::ThreeWays(args) => three_ways::run(&args),
            Self::ProducerConsumer(args) => producer_consumer::run(&args),
            Self::IoAndCpu(args) => io_and_cpu::run(args),
            Self::Choose(args) => choose::run(&args),
            Self::Compare(args) => compare::run(&args),
            Self::Locks(args) => locks::run(&args),
            Self::Profiling(args) => profiling::run(&args),
        }
    }
}

fn main() -> ExitCode {
    lab::main_after::<Example>(|| {
        multiprocessing::init(|tasks| {
            three_ways::register(tasks);
            io_and_cpu::register(tasks);
            compare::register(tasks);
            profiling::register(tasks);
        });
    })
}
