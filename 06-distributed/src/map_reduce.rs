//! The slide's idea on text: each part is counted by itself, and the counts of two parts are put together until one
//! is left.
//!
//! Extends: bag
//! Python → Rust: `db.from_sequence(parts)` → `par_chunks` · `.map(count)` → `.map(count)` ·
//! `.fold(merge)` → `.reduce(Counts::new, merge)`
//!
//! The words in the maps are slices of the text, `&'a str`: no byte of it is copied. `'a` says that the maps may not
//! outlive the text. In Python each word is a string of its own, and counts travel from process to process.
//! All of the text is in memory here, and all words in one map: for any size, see `word-count`.
//!
//! Run: `cargo 06-distributed map-reduce --size 67108864`

use std::{cmp::Reverse, collections::HashMap, fs};

use anyhow::Result;
use rayon::prelude::*;
use tracing::info_span;

type Counts<'a> = HashMap<&'a str, u64>;

fn count<'a>(lines: &[&'a str]) -> Counts<'a> {
    let _span = info_span!("count", lines = lines.len()).entered();
    let mut counts = Counts::new();
    for line in lines {
        for word in line.split_ascii_whitespace() {
            *counts.entry(word).or_default() += 1;
        }
    }
    counts
}

fn merge<'a>(mut counts: Counts<'a>, other: Counts<'a>) -> Counts<'a> {
    for (word, times) in other {
        *counts.entry(word).or_default() += times;
    }
    counts
}

/// The slide's map and reduce, on text
#[derive(clap::Args)]
pub struct Args {
    /// Bytes of the generated text
    #[arg(long, default_value = "4194304", value_parser = clap::value_parser!(u64).range(..=1 << 30))]
    size: u64,
}

pub fn run(args: Args) -> Result<()> {
    let text = fs::read_to_string(lab::text::file(args.size)?)?;
    let lines: Vec<_> = text.lines().collect();
    let counts = lines.par_chunks(10_000).map(count).reduce(Counts::new, merge);

    let words: u64 = counts.values().sum();
    println!("{} bytes, {words} words, {} of them distinct", text.len(), counts.len());
    let mut ranking: Vec<_> = counts.into_iter().collect();
    ranking.sort_unstable_by_key(|&(word, times)| (Reverse(times), word));
    for (word, times) in ranking.iter().take(10) {
        println!("{times:>12} {word}");
    }
    Ok(())
}
