//! `cargo xtask`: see the library for what each command does.

use std::{
    io::{self, Write},
    panic,
    process::{self, ExitCode},
};

use clap::{Parser, Subcommand};
use xtask::{bench_all, book, follow, index, lab, list, map, refuse, run, soak, test, trace};

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
    Trace(trace::Args),
    Lab(lab::Args),
    Test(test::Args),
    Soak(soak::Args),
    Index(index::Args),
    Refuse(refuse::Args),
    Map(map::Args),
    Book(book::Args),
    #[command(hide = true)]
    Measure(bench_all::measure::Args),
    #[command(hide = true)]
    Record(trace::record::Args),
}

fn main() -> ExitCode {
    end_quietly_on_a_closed_pipe();
    let done = match Cli::parse().command {
        Command::List(args) => list::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Follow(args) => follow::run(&args),
        Command::BenchAll(args) => bench_all::run(&args),
        Command::Lab(args) => lab::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Soak(args) => soak::run(&args),
        Command::Index(args) => index::run(&args),
        Command::Refuse(args) => refuse::run(&args),
        Command::Map(args) => map::run(&args),
        Command::Trace(args) => trace::run(&args),
        Command::Record(args) => trace::record::run(&args),
        Command::Book(args) => book::run(&args),
        Command::Measure(args) => bench_all::measure::run(&args),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        if error.is::<xtask::catalogue::Unknown>() || error.is::<xtask::python::Unfit>() {
            ExitCode::from(2)
        } else {
            ExitCode::FAILURE
        }
    })
}

/// `println!` panics when nobody reads any more (`| head -1`). As in the lessons' main, which is built with much more
/// than this needs.
fn end_quietly_on_a_closed_pipe() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| match info.payload_as_str() {
        Some(text) if text.starts_with("failed printing to stdout") => {
            if text.contains("Broken pipe") {
                process::exit(0);
            }
            let _ = writeln!(io::stderr(), "error: {text}");
            process::exit(1);
        }
        _ => report(info),
    }));
}
