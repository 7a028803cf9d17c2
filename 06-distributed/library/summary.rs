//! What is printed: the same lines whatever the words were counted on.

use std::{cmp::Reverse, collections::BinaryHeap, str};

use anyhow::Result;

use crate::word::Word;

/// Totals, and the most frequent words.
#[derive(Debug, PartialEq)]
pub struct Summary {
    /// All words, each as often as it came.
    pub words: u64,
    /// Words that differ.
    pub distinct: u64,
    /// Words that are not UTF-8, each as often as it came.
    pub not_utf8: u64,
    /// The most frequent first; of those that came equally often, the first by their bytes.
    pub top: Vec<(u64, Word)>,
}

impl Summary {
    /// Of words with their counts, each once.
    ///
    /// # Errors
    /// The first of `counts`.
    pub fn of(counts: impl Iterator<Item = Result<(Word, u64)>>, top: usize) -> Result<Self> {
        let mut summary = Self { words: 0, distinct: 0, not_utf8: 0, top: Vec::new() };
        let mut heap = BinaryHeap::new(); // the last of the best on top
        for entry in counts {
            let (word, times) = entry?;
            summary.words = summary.words.saturating_add(times);
            summary.distinct += 1;
            if str::from_utf8(word.bytes()).is_err() {
                summary.not_utf8 = summary.not_utf8.saturating_add(times);
            }
            heap.push((Reverse(times), word));
            if heap.len() > top {
                heap.pop();
            }
        }
        let best = heap.into_sorted_vec().into_iter();
        summary.top = best.map(|(Reverse(times), word)| (times, word)).collect();
        Ok(summary)
    }

    /// Prints it, of a text of so many bytes.
    pub fn print(&self, bytes: u64) {
        println!("{bytes} bytes, {} words, {} of them distinct", self.words, self.distinct);
        if self.not_utf8 > 0 {
            println!("{} words are not UTF-8", self.not_utf8);
        }
        for (times, word) in &self.top {
            println!("{times:>12} {}", shown(word.bytes()));
        }
    }
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
