//! Runs the local site, and the local bucket if this is built with it, in the foreground and prints
//! their addresses in a line, for programs of both languages.

use std::{
    io::{self, Read},
    process::ExitCode,
    thread,
};

use anyhow::Result;
use clap::{CommandFactory, Parser, error::ErrorKind};

/// Run the local web site, and the local bucket if built with it, and print their addresses
#[derive(Parser)]
struct Args {
    /// End when standard input ends, for a program that starts this one and may be killed
    #[arg(long)]
    until_eof: bool,
}

fn main() -> ExitCode {
    #[cfg(feature = "bucket")]
    lab::bucket::serve_if_asked();
    lab::end_quietly_on_a_closed_pipe();
    let args = Args::parse();
    if let Err(error) = lab::pace::from_env() {
        Args::command().error(ErrorKind::InvalidValue, format!("{error:#}")).exit();
    }
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not by returning it: with RUST_BACKTRACE it would be printed with a backtrace.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<()> {
    let site = lab::site::Site::start()?;
    let addresses = format!("LAB_SITE={}", site.base());
    #[cfg(feature = "bucket")]
    let bucket = lab::bucket::Bucket::start()?;
    #[cfg(feature = "bucket")]
    let addresses = format!("{addresses} LAB_S3={}", bucket.base());
    println!("{addresses}");
    if args.until_eof {
        io::stdin().read_to_end(&mut Vec::new())?;
        return Ok(());
    }
    loop {
        thread::park();
    }
}
