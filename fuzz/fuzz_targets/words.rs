//! Bytes as text, whose chunks have the words of the whole; and as counts of another process.
#![no_main]

use std::{collections::BTreeMap, io::Write};

use counting::{Counts, Spill, Summary, chunks};
use libfuzzer_sys::fuzz_target;
use tempfile::NamedTempFile;

fuzz_target!(|input: (u16, &[u8])| {
    let (size, text) = input;
    let mut plain = BTreeMap::<&[u8], u64>::new();
    let is_space = |byte: &u8| matches!(byte, b'\t'..=b'\r' | b' ');
    for word in text.split(is_space).filter(|word| !word.is_empty()) {
        *plain.entry(word).or_default() += 1;
    }

    let mut file = NamedTempFile::new().expect("make a file");
    file.write_all(text).expect("write");
    let path = file.path().to_str().expect("a path").to_owned();
    let mut counts = Counts::default();
    for chunk in chunks(&[path], None, u64::from(size) + 1).expect("there is a file") {
        chunk.each_word(|word| counts.add(word, 1)).expect("no word is too long");
    }
    let mut again = Counts::default();
    again.add_encoded(&counts.encode()).expect("that is how counts travel");
    let counted: BTreeMap<_, _> = again.into_iter().collect();
    assert!(counted.iter().map(|(word, times)| (word.bytes(), *times)).eq(plain));

    let spill = Spill::new(1);
    if let Ok(counts) = spill.add_encoded(Counts::default(), text) {
        let merged = spill.merge(counts).expect("it is all in memory");
        Summary::of(merged, 3).expect("so it can be read");
    }
});
