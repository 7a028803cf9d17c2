//! Two threads print at once, and nobody decides who is next.
//!
//! Ports: introduction section 1 · slideshow slide 2
//! Python → Rust: `Thread(target=print_numbers)` → `thread::spawn`
//!
//! Each thread rests a hundredth of a second after a line; without that the first would be done
//! before the second had begun. `println!` holds the lock of standard output for a whole line;
//! Python's `print` writes text and line end apart, and two lines can run into each other.
//!
//! Run: `cargo 01-threading interleaving --from 0 --to 9 --twice`
//! Each thread's lines keep their order; how the two mix varies from run to run.

use std::thread;

use anyhow::Result;
use tracing::info_span;

fn print_numbers(from: u8, to: u8) {
    let _span = info_span!("print_numbers").entered();
    for number in from..=to {
        println!("Number: {number}");
        thread::sleep(lab::seconds(0.01));
    }
}

fn print_letters(count: u8) {
    let _span = info_span!("print_letters").entered();
    for letter in ('a'..='z').take(count.into()) {
        println!("Letter: {letter}");
        thread::sleep(lab::seconds(0.01));
    }
}

/// Two threads print at once
#[derive(clap::Args)]
pub struct Args {
    /// First number
    #[arg(long, default_value = "1", value_parser = clap::value_parser!(u8).range(0..=1))]
    from: u8,
    /// Last number, and how many letters
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u8).range(1..=26))]
    to: u8,
    /// Both threads print numbers
    #[arg(long)]
    twice: bool,
}

pub fn run(args: Args) -> Result<()> {
    let numbers = thread::spawn(move || print_numbers(args.from, args.to));
    let others = if args.twice {
        thread::spawn(move || print_numbers(args.from, args.to))
    } else {
        thread::spawn(move || print_letters(args.to))
    };
    numbers.join().expect("printing does not panic");
    others.join().expect("printing does not panic");
    println!("All threads are done.");
    Ok(())
}
