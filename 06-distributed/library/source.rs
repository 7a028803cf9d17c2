//! Where text is: a file, or an object of an S3.

use std::{ffi::OsString, fmt, fs::File, ops::Range, os::unix::fs::FileExt};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::object::Object;

/// A text, and how long it was when the chunks were cut.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Source {
    pub place: Place,
    pub length: u64,
}

/// Where it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Place {
    /// Its path, which need not be UTF-8 to travel.
    File(OsString),
    Object(Object),
}

impl Source {
    /// Appends the bytes of that range to `text`, as far as there are any.
    ///
    /// # Errors
    /// If they cannot be read, or it is not the text any more that it was.
    pub fn read(&self, range: Range<u64>, text: &mut Vec<u8>) -> Result<()> {
        let range = range.start..range.end.min(self.length);
        if range.is_empty() {
            return Ok(());
        }
        let length = match &self.place {
            Place::File(path) => read_file(path, range, self.length, text),
            Place::Object(object) => object.read(range, self.length, text),
        };
        length.with_context(|| format!("cannot read {self}"))
    }
}

fn read_file(path: &OsString, range: Range<u64>, length: u64, text: &mut Vec<u8>) -> Result<()> {
    let file = File::open(path)?;
    let now = file.metadata()?.len();
    ensure!(now == length, "it had {length} bytes and has {now} now: it changes while it is read");
    let before = text.len();
    text.resize(before + (range.end - range.start) as usize, 0);
    Ok(file.read_exact_at(&mut text[before..], range.start)?)
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::File(path) => write!(f, "{}", path.display()),
            Place::Object(object) => write!(f, "{object}"),
        }
    }
}
