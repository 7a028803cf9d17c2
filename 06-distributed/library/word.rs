//! Words: what stands between ASCII white space, whatever its bytes.

use std::{
    cmp::Ordering,
    hash::{Hash, Hasher},
};

/// A longer word is an error: it would have to fit into memory.
pub const LONGEST: usize = 1 << 20;

/// A word that needs no memory of its own while it is short. To copy, compare and hash it is then a
/// matter of two numbers, which is most of what there is to gain beyond the choice of the hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// Up to 15 bytes, zeros, and the length.
    Short([u8; 16]),
    /// 16 bytes and more.
    Long(Box<[u8]>),
}

impl Word {
    /// The word of these bytes.
    #[inline] // as all that a loop over words needs, in whatever crate it is
    pub fn new(bytes: &[u8]) -> Self {
        if bytes.len() > 15 {
            return Self::Long(bytes.into());
        }
        let mut short = [0; 16];
        short[..bytes.len()].copy_from_slice(bytes);
        short[15] = bytes.len() as u8;
        Self::Short(short)
    }

    /// Its bytes.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Short(short) => &short[..usize::from(short[15])],
            Self::Long(bytes) => bytes,
        }
    }

    /// The word of the first `length` bytes of two numbers, at most 15.
    #[inline]
    fn short(low: u64, high: u64, length: u32) -> Self {
        let high = high | u64::from(length) << 56;
        Self::Short((u128::from(low) | u128::from(high) << 64).to_le_bytes())
    }
}

impl Ord for Word {
    /// That of their bytes.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            // What follows the shorter of two is zeros, and then the lengths decide.
            (Self::Short(one), Self::Short(other)) => {
                u128::from_be_bytes(*one).cmp(&u128::from_be_bytes(*other))
            }
            _ => self.bytes().cmp(other.bytes()),
        }
    }
}

impl PartialOrd for Word {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Word {
    #[inline]
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        match self {
            Self::Short(short) => hasher.write_u128(u128::from_le_bytes(*short)),
            Self::Long(bytes) => hasher.write(bytes),
        }
    }
}

/// Calls `each` with every word of `text`; the position of a word that is longer than [`LONGEST`]
/// ends it.
///
/// Eight bytes at a time: a loop over bytes would mispredict the end of each word, which costs as
/// much as all else that is done with it.
pub fn each_word(text: &[u8], mut each: impl FnMut(Word)) -> Result<(), usize> {
    let mut at = 0;
    while let Some(window) = text.get(at..at + 16) {
        let [low, high] = [0, 8].map(|half| eight(&window[half..]));
        let (in_low, in_high) = (spaces(low), spaces(high));
        let length = if in_low != 0 {
            let length = in_low.trailing_zeros() / 8;
            if length > 0 {
                each(Word::short(low & first(length), 0, length));
            }
            length as usize
        } else if in_high != 0 {
            let length = in_high.trailing_zeros() / 8;
            each(Word::short(low, high & first(length), 8 + length));
            8 + length as usize
        } else {
            let length = text[at..].iter().position(is_space).unwrap_or(text.len() - at);
            if length > LONGEST {
                return Err(at);
            }
            each(Word::new(&text[at..at + length]));
            length
        };
        at += length + 1;
    }
    let rest = text.get(at..).unwrap_or_default();
    rest.split(is_space).filter(|word| !word.is_empty()).map(Word::new).for_each(each);
    Ok(())
}

/// ASCII white space as C and Python have it; Rust's `is_ascii_whitespace` leaves out the vertical tab.
#[inline]
pub fn is_space(byte: &u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

/// A number of the first eight bytes, of which the first is the lowest.
#[inline]
fn eight(bytes: &[u8]) -> u64 {
    let (eight, _) = bytes.split_first_chunk().expect("a window has 16 bytes");
    u64::from_le_bytes(*eight)
}

/// The lowest `length` bytes, of up to 7.
#[inline]
fn first(length: u32) -> u64 {
    (1 << (8 * length)) - 1
}

/// The highest bit of each byte that is white space. No sum passes a byte's highest bit on, so that
/// bytes do not disturb each other.
#[inline]
fn spaces(bytes: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let ascii = bytes & (0x7f * EACH);
    let at_least = |least: u64| ascii + (0x80 - least) * EACH;
    let is_blank = at_least(0x20) & !at_least(0x21);
    let is_control = at_least(0x09) & !at_least(0x0e);
    (is_blank | is_control) & !bytes & (0x80 * EACH)
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, hash::BuildHasher};

    use lab::in_time;
    use rustc_hash::FxBuildHasher;

    use super::*;

    fn words(text: &[u8]) -> Vec<Word> {
        let text = text.to_vec();
        in_time(move || {
            let mut words = Vec::new();
            let each = |word| {
                words.push(word);
                assert!(words.len() <= text.len(), "more words than bytes");
            };
            each_word(&text, each).expect("no word is too long");
            words
        })
    }

    #[test]
    fn all_bytes_are_told_apart_wherever_they_stand() {
        for byte in 0..=u8::MAX {
            for at in 0..8 {
                let mut bytes = [b'x'; 8];
                bytes[at] = byte;
                let expected = if is_space(&byte) { 0x80 << (8 * at) } else { 0 };
                assert_eq!(spaces(u64::from_le_bytes(bytes)), expected, "{byte} at {at}");
            }
        }
    }

    #[test]
    fn words_are_those_of_a_plain_split() {
        // Few different bytes, so that there are words of all lengths, and spaces side by side.
        const BYTES: &[u8] = b"abc\xff\0\xc3\xa9\x80defghijklmnop \n";
        let mut state = 1_u32;
        for length in 0..3000 {
            let text: Vec<u8> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    BYTES[(state >> 16) as usize % BYTES.len()]
                })
                .collect();
            let plain = text.split(is_space).filter(|word| !word.is_empty());
            // Also as each would be by itself: else one word would be counted as two.
            assert!(words(&text).into_iter().eq(plain.map(Word::new)), "{length} bytes");
        }
    }

    #[test]
    fn equal_words_have_one_hash_and_few_others_have_it() {
        let hashes = |times: usize| -> HashSet<u64> {
            let word = |number: u32| Word::new(number.to_string().repeat(times).as_bytes());
            (0..1000).map(|number| FxBuildHasher.hash_one(word(number))).collect()
        };
        for times in [1, 10] {
            let first = hashes(times);
            assert!(first.len() > 900, "{} hashes of 1000 words", first.len());
            assert_eq!(first, hashes(times));
        }
    }

    #[test]
    fn words_of_zeros_differ_by_their_length_and_too_long_ones_are_refused() {
        let lengths = [1, 2, 7, 8, 9, 14, 15, 16, 17];
        for (one, length) in lengths.iter().enumerate() {
            for (other, other_length) in lengths.iter().enumerate() {
                let [word, other_word] = [*length, *other_length].map(|it| Word::new(&vec![0; it]));
                assert_eq!(word.cmp(&other_word), one.cmp(&other));
                assert_eq!(word == other_word, one == other);
            }
        }
        let mut text = vec![b'x'; LONGEST + 3];
        text[2] = b' ';
        in_time(move || {
            assert_eq!(each_word(&text, drop), Ok(()));
            text.push(b'x');
            assert_eq!(each_word(&text, drop), Err(3));
        });
    }
}
