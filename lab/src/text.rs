//! Generated text: the same each time, with the frequencies of words that real text has.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use anyhow::Result;

use crate::cache;

/// Distinct words, as many as a gigabyte shows all of.
const WORDS: u32 = 100_000;

/// What is written at a time.
const BLOCK: u64 = 1 << 20;

/// No word is longer, the space behind it included.
const LONGEST: usize = 24;

const ONSETS: [&str; 25] = [
    "t", "s", "n", "r", "l", "d", "m", "k", "b", "h", "v", "w", "f", "g", "ch", "st", "tr", "br",
    "pl", "gr", "sh", "cl", "sp", "fr", "th",
];
const VOWELS: [&str; 10] = ["e", "a", "o", "i", "u", "ea", "ou", "ai", "io", "é"];
const ENDINGS: [&str; 8] = ["", "n", "s", "r", "d", "ng", "ll", "nt"];

/// A file of so many bytes of text, in a cache folder under `target/`; written if it is not there yet.
///
/// How often a word comes is in inverse proportion to its rank (Zipf's law), from 1 to 100,000. Lines
/// end after 12 words. The text of a size is the beginning of that of a larger one, up to the last MiB.
///
/// # Errors
/// If it cannot be written.
pub fn file(size: u64) -> Result<PathBuf> {
    cache::file(format!("text/{size}.txt"), |file| Ok(write(size, file)?))
}

fn write(size: u64, mut to: impl Write) -> io::Result<()> {
    let words: Vec<String> = (1..=WORDS).map(word).collect();
    let mut text = Vec::new();
    for begin in (0..size).step_by(BLOCK as usize) {
        block(&words, begin, (size - begin).min(BLOCK) as usize, &mut text);
        to.write_all(&text)?;
    }
    Ok(())
}

/// The files `file1.txt`, `file2.txt` and so on, so many, each with a line of text, in the same cache folder.
///
/// # Errors
/// If they cannot be written.
pub fn files(count: u32) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for number in 1..=count {
        files.push(cache::file(format!("files/file{number}.txt"), |mut file| {
            Ok(write!(file, "file {number} was read while others were read")?)
        })?);
    }
    Ok(files)
}

/// Makes `text` the `length` bytes of text at `offset`: whole lines of words, and line ends for
/// the few bytes that are left.
fn block(words: &[String], offset: u64, length: usize, text: &mut Vec<u8>) {
    text.clear();
    let mut random = Random(offset);
    let mut in_line: u32 = 0;
    while text.len() + LONGEST <= length {
        text.extend_from_slice(words[random.rank() as usize - 1].as_bytes());
        in_line = (in_line + 1) % 12;
        text.push(if in_line == 0 { b'\n' } else { b' ' });
    }
    text.resize(length, b'\n');
}

/// The word of a rank: syllables that are the digits of the rank, and an ending.
///
/// No two ranks have the same word, because a syllable is consonants and then vowels, and an ending
/// has no vowel.
fn word(rank: u32) -> String {
    let mut word = String::new();
    let mut digits = rank as usize;
    while digits > 0 {
        digits -= 1;
        word += ONSETS[digits % ONSETS.len()];
        digits /= ONSETS.len();
        word += VOWELS[digits % VOWELS.len()];
        digits /= VOWELS.len();
    }
    word + ENDINGS[rank as usize % ENDINGS.len()]
}

/// SplitMix64 (Steele, Lea and Flood 2014): every state gives good numbers.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A rank from 1 to [`WORDS`], each in inverse proportion to itself: an octave, all of which
    /// have the same share, a rank in it, and another try with the probability that makes up for
    /// its distance from the octave's first. In whole numbers, so the same on every machine.
    fn rank(&mut self) -> u32 {
        loop {
            let random = self.next();
            let octave = (random >> 32) as u32 % (WORDS.ilog2() + 1);
            let first = 1 << octave;
            let rank = first | (random as u32 & (first - 1));
            let chance = random as u32 >> 16;
            if rank <= WORDS && u64::from(chance) * u64::from(rank) < u64::from(first) << 16 {
                return rank;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{HashMap, HashSet},
        fs, str,
    };

    use super::*;
    use crate::in_time;

    /// As it was always: figures of one version are those of another, on the same words.
    #[test]
    fn the_text_is_what_it_was() {
        in_time(|| {
            let words: Vec<String> = (1..=WORDS).map(word).collect();
            let mut text = Vec::new();
            block(&words, BLOCK, 100_000, &mut text);
            let begin = str::from_utf8(&text[..60]).expect("words");
            assert_eq!(
                (text.len(), begin),
                (100_000, "grang bioseng bres saispent plaigaid pler vea notent clouves")
            );
            let lines = text.split(|byte| *byte == b'\n');
            let counts = lines.map(|line| line.split(|byte| *byte == b' ').count());
            assert!(counts.take(500).all(|count| count == 12));
            assert!(text.ends_with(b"\n") && !text.ends_with(&[b'\n'; LONGEST + 1]));
            let sum = text.iter().fold(0_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(*byte));
            assert_eq!(sum, 2_725_012_924_167_286_534);
        });
    }

    #[test]
    fn a_text_is_as_long_as_asked_and_begins_as_a_longer_one() -> io::Result<()> {
        in_time(|| {
            let (mut short, mut long) = (Vec::new(), Vec::new());
            write(2 * BLOCK, &mut short)?;
            write(2 * BLOCK + 100, &mut long)?;
            assert_eq!((short.len() as u64, long.len() as u64), (2 * BLOCK, 2 * BLOCK + 100));
            assert!(long.starts_with(&short));
            Ok(())
        })
    }

    #[test]
    fn the_files_are_there_with_their_text() -> Result<()> {
        in_time(|| {
            assert_eq!(fs::metadata(file(10_000)?)?.len(), 10_000);
            let files = files(3)?;
            let texts = files.iter().map(fs::read_to_string).collect::<io::Result<Vec<_>>>()?;
            let expected =
                [1, 2, 3].map(|number| format!("file {number} was read while others were read"));
            assert_eq!(texts, expected);
            assert!(files[1].ends_with("files/file2.txt"));
            Ok(())
        })
    }

    #[test]
    fn all_words_differ_and_none_is_too_long() {
        in_time(|| {
            let words: HashSet<_> = (1..=WORDS).map(word).collect();
            assert_eq!(words.len(), WORDS as usize);
            assert!(words.iter().all(|word| word.len() < LONGEST));
        });
    }

    #[test]
    fn a_word_of_rank_n_comes_an_nth_as_often_as_the_first() {
        in_time(|| {
            let mut random = Random(7);
            let mut counts = HashMap::new();
            for _ in 0..1_000_000 {
                *counts.entry(random.rank()).or_insert(0) += 1;
            }
            let first = f64::from(counts[&1]);
            for rank in [2, 3, 5, 10, 31, 32, 33, 100] {
                let expected = first / f64::from(rank);
                let ratio = f64::from(counts[&rank]) / expected;
                assert!((0.9..1.1).contains(&ratio), "rank {rank}: {ratio} of what it should be");
            }
            assert!(counts.keys().all(|rank| (1..=WORDS).contains(rank)));
        });
    }
}
