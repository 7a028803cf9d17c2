//! Objects that are made as they are sent.

use std::{
    collections::HashMap,
    ops::Range,
    sync::{LazyLock, Mutex, PoisonError},
};

use axum::body::Bytes;
use crc_fast::{CrcAlgorithm, Digest};

/// What they are made of, over and over.
static BLOCK: LazyLock<Bytes> = LazyLock::new(|| {
    let line = |line| format!("line {line:4}: the same bytes each time for all who read them\n");
    (0..4096).map(line).collect::<String>().into()
});

const MAX_SIZE: u64 = 1 << 40;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Made,
    Cut,
    Flaky,
    Changed,
    Corrupt,
}

/// The object that a key means, and its size, if it means one of these.
pub(super) fn parse(key: &str) -> Option<(Kind, u64)> {
    let mut parts = key.splitn(3, '/');
    let kind = match parts.next()? {
        "made" => Kind::Made,
        "cut" => Kind::Cut,
        "flaky" => Kind::Flaky,
        "changed" => Kind::Changed,
        "corrupt" => Kind::Corrupt,
        _ => return None,
    };
    let size = parts.next()?.parse().ok().filter(|size| *size <= MAX_SIZE)?;
    parts.next().map(|_| (kind, size))
}

/// The bytes at the beginning of `range`, as many as the block has from there.
pub(super) fn piece(range: Range<u64>) -> Bytes {
    let start = (range.start % BLOCK.len() as u64) as usize;
    let length = (range.end - range.start).min((BLOCK.len() - start) as u64) as usize;
    BLOCK.slice(start..start + length)
}

/// The CRC-64/NVME of the object of that size.
pub(super) fn checksum(size: u64) -> u64 {
    static KNOWN: Mutex<Option<HashMap<u64, u64>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    *known.get_or_insert_default().entry(size).or_insert_with(|| {
        let mut digest = Digest::new(CrcAlgorithm::Crc64Nvme);
        let mut offset = 0;
        while offset < size {
            let piece = piece(offset..size);
            digest.update(&piece);
            offset += piece.len() as u64;
        }
        digest.finalize()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::in_time;

    #[test]
    fn a_key_says_what_goes_wrong_and_how_long_the_object_is() {
        let kinds = [
            ("made", Kind::Made),
            ("cut", Kind::Cut),
            ("flaky", Kind::Flaky),
            ("changed", Kind::Changed),
            ("corrupt", Kind::Corrupt),
        ];
        for (name, kind) in kinds {
            assert_eq!(parse(&format!("{name}/10/a/b")), Some((kind, 10)));
        }
        assert_eq!(parse(&format!("made/{MAX_SIZE}/")), Some((Kind::Made, MAX_SIZE)));
        let too_long = format!("made/{}/a", MAX_SIZE + 1);
        for key in ["file1.txt", "made/10", "made/x/a", "other/10/a", &too_long] {
            assert_eq!(parse(key), None, "{key}");
        }
    }

    #[test]
    fn pieces_of_any_range_are_those_of_the_whole() {
        let block = BLOCK.len() as u64;
        assert_eq!(piece(0..10), BLOCK[..10]);
        assert_eq!(piece(5..3 * block), BLOCK[5..]);
        assert_eq!(piece(2 * block + 7..2 * block + 9), BLOCK[7..9]);
    }

    #[test]
    fn the_checksum_is_that_of_all_bytes() {
        in_time(|| {
            let size = BLOCK.len() as u64 + 3;
            let whole = [&BLOCK[..], &BLOCK[..3]].concat();
            let expected = crc_fast::checksum(CrcAlgorithm::Crc64Nvme, &whole);
            assert_eq!((checksum(size), checksum(size)), (expected, expected));
        });
    }
}
