//! Runs the local site, and the local bucket if this is built with it, in the foreground and prints
//! their addresses in a line, for programs of both languages.

use std::io::{self, Read};

use anyhow::Result;
use clap::Parser;

/// Run the local web site, and the local bucket if built with it, and print their addresses
#[derive(Parser)]
struct Args {
    /// End when standard input ends, for a program that starts this one and may be killed
    #[arg(long)]
    until_eof: bool,
}

fn main() -> Result<()> {
    #[cfg(feature = "bucket")]
    lab::bucket::serve_if_asked();
    let args = Args::parse();
    lab::pace::from_env()?;
    let site = lab::site::Site::start()?;
    let addresses = format!("LAB_SITE={}", site.base());
    #[cfg(feature = "bucket")]
    let bucket = lab::bucket::Bucket::start()?;
    #[cfg(feature = "bucket")]
    let addresses = format!("{addresses} LAB_S3={}", bucket.base());
    println!("{addresses}");
    if args.until_eof {
        io::stdin().read_to_end(&mut Vec::new())?;
    } else {
        loop {
            std::thread::park();
        }
    }
    Ok(())
}
