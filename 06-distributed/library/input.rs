//! What is to be read, cut into chunks.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use lab::s3::Endpoint;

use crate::{
    chunk::Chunk,
    object,
    source::{Place, Source},
};

/// The most chunks, which are all in memory at once: 2 TiB in chunks of 1 MiB.
const MOST: u64 = 1 << 21;

/// Cuts files, all files in folders, and all objects under `s3://BUCKET/PREFIX` into chunks of so many bytes. Without
/// an S3, `s3://…` is a file's name.
///
/// # Errors
/// If one is not there or cannot be read, a folder has no files, or there would be too many chunks.
///
/// # Panics
/// If `size` is 0.
pub fn chunks(inputs: &[String], s3: Option<&Endpoint>, size: u64) -> Result<Vec<Chunk>> {
    let mut sources = Vec::new();
    for input in inputs {
        match input.strip_prefix("s3://").zip(s3) {
            Some((place, s3)) => {
                let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
                let found = object::find(s3, bucket, prefix)?.into_iter();
                sources.extend(
                    found.map(|(object, length)| Source { place: Place::Object(object), length }),
                );
            }
            None => find(Path::new(input), &mut sources)?,
        }
    }
    // An S3 can claim any length.
    let count = |source: &Source| source.length.div_ceil(size);
    if let Some(longest) = sources.iter().max_by_key(|source| source.length) {
        let all = sources.iter().map(count).fold(0, u64::saturating_add);
        let length = longest.length;
        ensure!(all <= MOST, "{longest} has {length} bytes: {all} chunks are more than {MOST}");
    }
    Ok(sources.into_iter().flat_map(|source| cut(source, size)).collect())
}

/// Chunks that are next to each other, for a process to count before it sends its counts: few counts
/// travel, and yet nobody waits long for the last share.
pub fn shares(chunks: &[Chunk], workers: usize) -> impl Iterator<Item = Vec<Chunk>> {
    const LARGEST: u64 = 32 << 20;
    let chunk = chunks.first().map_or(1, |first| first.end - first.begin);
    let largest = (LARGEST / chunk).max(1) as usize;
    chunks.chunks(chunks.len().div_ceil(4 * workers).clamp(1, largest)).map(<[Chunk]>::to_vec)
}

fn cut(source: Source, size: u64) -> impl Iterator<Item = Chunk> {
    (0..source.length).step_by(size as usize).map(move |begin| {
        let end = begin.saturating_add(size).min(source.length);
        Chunk { source: source.clone(), begin, end }
    })
}

fn find(path: &Path, sources: &mut Vec<Source>) -> Result<()> {
    let cannot_read = || format!("cannot read {}", path.display());
    let metadata = fs::metadata(path).with_context(cannot_read)?;
    if !metadata.is_dir() {
        ensure!(metadata.is_file(), "{}: it is neither a file nor a folder", cannot_read());
        let place = Place::File(path.into());
        sources.push(Source { place, length: metadata.len() });
        return Ok(());
    }
    let before = sources.len();
    let entries = fs::read_dir(path).with_context(cannot_read)?;
    let entries = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>();
    let mut paths = entries.with_context(cannot_read)?;
    paths.sort_unstable();
    paths.iter().try_for_each(|path| find(path, sources))?;
    if sources.len() == before {
        bail!("there are no files in {}", path.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    /// Begin and end of the chunks of a file.
    fn cut(length: u64, size: u64) -> Result<Vec<(u64, u64)>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("file");
        File::create(&path)?.set_len(length)?;
        let chunks = chunks(&[path.display().to_string()], None, size)?;
        Ok(chunks.into_iter().map(|chunk| (chunk.begin, chunk.end)).collect())
    }

    #[test]
    fn a_text_is_cut_into_chunks_of_one_size_and_a_last_one() -> Result<()> {
        assert_eq!(cut(10, 4)?, [(0, 4), (4, 8), (8, 10)]);
        assert_eq!(cut(8, 4)?, [(0, 4), (4, 8)]);
        assert_eq!(cut(0, 4)?, []);
        let error = cut(MOST + 1, 1).expect_err("there are too many").to_string();
        assert!(error.ends_with("2097153 chunks are more than 2097152"), "{error}");
        Ok(())
    }

    #[test]
    fn folders_have_all_that_is_below_them_in_order() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        fs::create_dir_all(path("b/empty"))?;
        for name in ["c", "a", "b/d"] {
            fs::write(path(name), name)?;
        }
        let find = |name: &str| {
            let chunks = chunks(&[path(name).display().to_string()], None, 100)?;
            anyhow::Ok(chunks.iter().map(|chunk| chunk.source.to_string()).collect::<Vec<_>>())
        };
        let error = find("").expect_err("a folder in it has no files").to_string();
        assert_eq!(error, format!("there are no files in {}", path("b/empty").display()));
        fs::remove_dir(path("b/empty"))?;
        let expected = ["a", "b/d", "c"].map(|name| path(name).display().to_string());
        assert_eq!(find("")?, expected);
        assert_eq!(find("b/d")?, expected[1..2]);
        for name in ["e", "a/f"] {
            let error = find(name).expect_err("it is not there").to_string();
            assert_eq!(error, format!("cannot read {}", path(name).display()));
        }
        let null = chunks(&["/dev/null".into()], None, 100).expect_err("it is no file");
        assert_eq!(null.to_string(), "cannot read /dev/null: it is neither a file nor a folder");
        Ok(())
    }

    #[test]
    fn shares_are_a_quarter_of_what_each_worker_has_and_32_mib_at_most() {
        let source = Source { place: Place::File("file".into()), length: u64::MAX };
        let sizes = |count: u64, size: u64, workers| {
            // Not from the beginning.
            let chunks: Vec<_> = (7..7 + count)
                .map(|at| Chunk { source: source.clone(), begin: at * size, end: (at + 1) * size })
                .collect();
            shares(&chunks, workers).map(|share| share.len()).collect::<Vec<_>>()
        };
        assert_eq!(sizes(17, 1 << 20, 2), [3, 3, 3, 3, 3, 2]);
        assert_eq!(sizes(40, 1 << 20, 3), [4; 10]);
        assert_eq!(sizes(300, 1 << 20, 2), [[32; 9].as_slice(), &[12]].concat());
        assert_eq!(sizes(8, 1 << 30, 1), [1; 8]);
        assert!(sizes(0, 1, 1).is_empty());
    }
}
