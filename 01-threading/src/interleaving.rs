//! Two threads print at once, and nobody decides who is next.
//!
//! Ports: introduction section 1 · slideshow slide 2
//! Python → Rust: `Thread(target=print_numbers)` → `Scope::spawn`
//!
//! Each thread rests a hundredth of a second after a line; without that the first would be done
//! before the second had begun. `println!` holds the lock of standard output for a whole line;
//! Python's `print` writes text and line end apart, and two lines can run into each other.
//!
//! Run: `cargo 01-threading interleaving --count 10 --words slideshow`
//! Each thread's lines keep their order; how the two mix varies from run to run.

use std::{fmt::Display, thread};

use anyhow::Result;
use tracing::info_span;

/// Two threads print at once
#[derive(clap::Args)]
pub struct Args {
    /// Lines of each thread: 5 are the numbers 1 to 5 and the letters a to e
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u8).range(1..=26))]
    count: u8,
    /// Whose printed lines to use
    #[arg(long, default_value = "introduction")]
    words: Words,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Words {
    Introduction,
    Slideshow,
}

pub fn run(args: &Args) -> Result<()> {
    let count = args.count;
    thread::scope(|scope| match args.words {
        Words::Introduction => {
            scope.spawn(|| print_all("Number: ", 1..=count));
            scope.spawn(|| print_all("Letter: ", ('a'..='z').take(count.into())));
        }
        Words::Slideshow => {
            scope.spawn(|| print_all("", 0..count));
            scope.spawn(|| print_all("", 0..count));
        }
    });
    match args.words {
        Words::Introduction => println!("All threads are done."),
        Words::Slideshow => println!("Done!"),
    }
    Ok(())
}

fn print_all<T: Display>(label: &str, items: impl Iterator<Item = T>) {
    let _span = info_span!("print_all", label).entered();
    for item in items {
        println!("{label}{item}");
        thread::sleep(lab::seconds(0.01));
    }
}
