//! `cargo xtask`: see the library for what each command does.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{bench_all, follow, index, lab, list, run, test};

/// Run, follow and measure the lessons
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(list::Args),
    Run(run::Args),
    Follow(follow::Args),
    BenchAll(bench_all::Args),
    Lab(lab::Args),
    Test(test::Args),
    Index(index::Args),
    #[command(hide = true)]
    Measure(bench_all::measure::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::List(args) => list::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Follow(args) => follow::run(&args),
        Command::BenchAll(args) => bench_all::run(&args),
        Command::Lab(args) => lab::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Index(args) => index::run(&args),
        Command::Measure(args) => bench_all::measure::run(&args),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        match error.downcast_ref::<xtask::catalogue::Unknown>() {
            Some(_) => ExitCode::from(2),
            None => ExitCode::FAILURE,
        }
    })
}
