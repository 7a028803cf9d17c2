//! Text that nobody would write, and counts that nobody would send.

use std::{collections::BTreeMap, io::Write};

use lab::in_time;
use proptest::prelude::*;

use crate::{
    chunk::Chunk,
    counts::Counts,
    source::{Place, Source},
    summary::Summary,
    word::{Word, is_space},
};

/// Bytes of every kind, or few kinds: long words, and white space side by side.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop_oneof![
        any::<u8>(),
        prop::sample::select(&b"ab \n\t\x0b\0\xff\xc3\xa9"[..]),
        Just(b'x'),
    ];
    prop::collection::vec(bytes, 0..800)
}

/// Any number, and those at the ends.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![any::<u64>(), 0..10_u64, (0..10_u64).prop_map(|less| u64::MAX - less)]
}

/// How often each word comes, by a plain split.
fn plain(text: &[u8]) -> BTreeMap<Vec<u8>, u64> {
    let mut counts = BTreeMap::new();
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_vec()).or_insert(0) += 1;
    }
    counts
}

fn sorted(counts: Counts) -> BTreeMap<Vec<u8>, u64> {
    counts.into_iter().map(|(word, times)| (word.bytes().to_vec(), times)).collect()
}

proptest! {
    #[test]
    fn chunks_of_any_bytes_have_the_words_of_the_whole(text in text(), size in 1..600_u64) {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(&text)?;
        let length = text.len() as u64;
        let source = Source { place: Place::File(file.path().into()), length };
        let counts = in_time(move || {
            let mut counts = Counts::default();
            for begin in (0..length).step_by(size as usize) {
                let end = (begin + size).min(length);
                let chunk = Chunk { source: source.clone(), begin, end };
                chunk.each_word(|word| counts.add(word, 1)).expect("no word is too long");
            }
            sorted(counts)
        });
        prop_assert_eq!(counts, plain(&text));
    }

    #[test]
    fn a_chunk_that_lies_about_its_place_is_refused_or_read(
        text in text(), length in number(), begin in number(), end in number()
    ) {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(&text)?;
        let source = Source { place: Place::File(file.path().into()), length };
        let _ = in_time(move || Chunk { source, begin, end }.each_word(drop));
    }

    #[test]
    fn counts_travel_whole_and_cut_ones_are_refused(
        words in prop::collection::vec((prop::collection::vec(any::<u8>(), 1..40), any::<u64>()), 1..20),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut counts = Counts::default();
        let mut expected = BTreeMap::new();
        for (word, times) in words {
            if expected.insert(word.clone(), times).is_none() {
                counts.add(Word::new(&word), times);
            } else {
                expected.remove(&word);
                return Ok(());
            }
        }
        let bytes = counts.encode();
        let read = |bytes: Vec<u8>| {
            in_time(move || {
                let mut counts = Counts::default();
                counts.add_encoded(&bytes).map(|()| counts)
            })
        };
        let whole = read(bytes.clone())?;
        prop_assert_eq!(sorted(whole), expected.clone());
        // Between two words the beginning is sound, too.
        let part = read(bytes[..cut.index(bytes.len())].to_vec());
        prop_assert!(part.is_err() || sorted(part?).len() < expected.len());
    }

    /// Among them such that claim a word of 2⁶⁴ bytes, or that it came so often.
    #[test]
    fn bytes_that_are_no_counts_are_refused_or_counted(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0xff), Just(1)], 0..60)
    ) {
        let _ = in_time(move || Counts::default().add_encoded(&bytes));
    }

    #[test]
    fn counts_of_any_size_are_summed_up(all in prop::collection::vec(number(), 0..8)) {
        let mut expected = 0_u64;
        let counts = all.iter().enumerate().map(|(word, times)| {
            expected = expected.saturating_add(*times);
            Ok((Word::new(&[b'\xf0' + word as u8]), *times))
        });
        let summary = Summary::of(counts, 10).expect("none of them is an error");
        prop_assert_eq!((summary.words, summary.not_utf8), (expected, expected));
    }
}
