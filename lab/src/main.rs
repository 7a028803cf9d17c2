//! Runs the local site in the foreground and prints its address, for programs of both languages.

use std::io::{self, Read};

use anyhow::Result;
use clap::Parser;

/// Run the local web site and print its address
#[derive(Parser)]
struct Args {
    /// End when standard input ends, for a program that starts this one and may be killed
    #[arg(long)]
    until_eof: bool,
}

fn main() -> Result<()> {
    let args = Args::parse();
    lab::pace::from_env()?;
    let site = lab::site::Site::start()?;
    println!("LAB_SITE={}", site.base());
    if args.until_eof {
        io::stdin().read_to_end(&mut Vec::new())?;
    } else {
        loop {
            std::thread::park();
        }
    }
    Ok(())
}
