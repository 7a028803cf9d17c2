//! What is to be read, cut into chunks.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::chunk::{Chunk, Source};

/// Cuts files, and all files in folders, into chunks of so many bytes.
///
/// # Errors
/// If one is not there or cannot be read, or a folder has no files.
pub fn chunks(inputs: &[String], size: u64) -> Result<Vec<Chunk>> {
    let mut sources = Vec::new();
    for input in inputs {
        find(Path::new(input), &mut sources)?;
    }
    Ok(sources.into_iter().flat_map(|source| cut(source, size)).collect())
}

/// Chunks that are next to each other, together of so many bytes: what a process counts before it
/// sends its counts. Few counts travel, and yet no process waits long for the last.
pub fn shares(chunks: &[Chunk], size: u64) -> Vec<Vec<Chunk>> {
    let mut shares = vec![Vec::new()];
    let mut bytes = 0;
    for chunk in chunks {
        if bytes >= size {
            shares.push(Vec::new());
            bytes = 0;
        }
        bytes += chunk.end - chunk.begin;
        shares.last_mut().expect("it begins with one").push(chunk.clone());
    }
    shares
}

fn cut(source: Source, size: u64) -> impl Iterator<Item = Chunk> {
    (0..source.length).step_by(size as usize).map(move |begin| {
        let end = (begin + size).min(source.length);
        Chunk { source: source.clone(), begin, end }
    })
}

fn find(path: &Path, sources: &mut Vec<Source>) -> Result<()> {
    let cannot_read = || format!("cannot read {}", path.display());
    let metadata = fs::metadata(path).with_context(cannot_read)?;
    if !metadata.is_dir() {
        sources.push(Source { path: path.into(), length: metadata.len() });
        return Ok(());
    }
    let before = sources.len();
    let entries = fs::read_dir(path).with_context(cannot_read)?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<PathBuf>>>()
        .with_context(cannot_read)?;
    paths.sort_unstable();
    paths.iter().try_for_each(|path| find(path, sources))?;
    if sources.len() == before {
        bail!("{} has no files", path.display());
    }
    Ok(())
}
