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
        println!("{}", self.lines(bytes).join("\n"));
    }

    fn lines(&self, bytes: u64) -> Vec<String> {
        let Self { words, distinct, not_utf8, top } = self;
        let mut lines = vec![format!("{bytes} bytes, {words} words, {distinct} of them distinct")];
        if *not_utf8 > 0 {
            lines.push(format!("{not_utf8} words are not UTF-8"));
        }
        lines
            .extend(top.iter().map(|(times, word)| format!("{times:>12} {}", shown(word.bytes()))));
        lines
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

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    fn lines(words: &[(&[u8], u64)], top: usize) -> Vec<String> {
        let entries = words.iter().map(|(word, times)| Ok((Word::new(word), *times)));
        Summary::of(entries, top).expect("no entry is an error").lines(99)
    }

    #[test]
    fn the_most_frequent_come_first_and_of_equals_the_first_by_their_bytes() {
        let words: &[(&[u8], u64)] = &[(b"c", 2), (b"b", 7), (b"d", 1), (b"a", 2)];
        let all = "99 bytes, 12 words, 4 of them distinct";
        assert_eq!(lines(words, 3), [all, "           7 b", "           2 a", "           2 c"]);
        assert_eq!(lines(words, 0), [all]);
        assert_eq!(lines(words, 9).len(), 5);
    }

    #[test]
    fn words_that_are_no_text_are_counted_and_shown_by_their_bytes() {
        let words: &[(&[u8], u64)] = &[(b"x\xff\xc3y", 3), ("é".as_bytes(), 2)];
        let counts = ["99 bytes, 5 words, 2 of them distinct", "3 words are not UTF-8"];
        let shown = ["           3 x\\xff\\xc3y", "           2 é"];
        assert_eq!(lines(words, 9), [counts, shown].concat());
    }

    #[test]
    fn an_entry_that_is_an_error_is_the_error() {
        let entries = [Ok((Word::new(b"a"), 1)), Err(anyhow!("on purpose"))];
        let error = Summary::of(entries.into_iter(), 1).expect_err("it is one");
        assert_eq!(error.to_string(), "on purpose");
    }
}
