//! What is printed: the same lines whatever the words were counted on.

use std::{cmp::Reverse, str};

use anyhow::Result;

use super::{chunk::Chunk, counts::Counts};

/// Prints the totals and the most frequent words; of those that come equally often, the words that
/// are first by their bytes.
pub fn print(counts: &Counts, chunks: &[Chunk], top: usize) -> Result<()> {
    let bytes: u64 = chunks.iter().map(|chunk| chunk.end - chunk.begin).sum();
    let words: u64 = counts.words.values().sum();
    println!("{bytes} bytes, {words} words, {} of them distinct", counts.words.len());
    let not_utf8: u64 = counts
        .words
        .iter()
        .filter(|(word, _)| str::from_utf8(word).is_err())
        .map(|(_, count)| count)
        .sum();
    if not_utf8 > 0 {
        println!("{not_utf8} words are not UTF-8");
    }
    let mut ranking: Vec<_> =
        counts.words.iter().map(|(word, count)| (Reverse(count), word)).collect();
    ranking.sort_unstable();
    for (Reverse(count), word) in ranking.into_iter().take(top) {
        println!("{count:>12} {}", shown(word));
    }
    Ok(())
}

/// A word as text, with bytes that are none as `\xff`.
fn shown(word: &[u8]) -> String {
    let mut text = String::new();
    for chunk in word.utf8_chunks() {
        text += chunk.valid();
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    text
}
