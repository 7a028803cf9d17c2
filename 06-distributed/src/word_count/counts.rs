//! How often each word came.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

/// A hash map with a hash that is fast on short keys; std's withstands chosen ones.
pub type Map = HashMap<Box<[u8]>, u64, FxBuildHasher>;

/// How often each word came.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Counts {
    pub words: Map,
}

impl Counts {
    /// The word came so many times more. Only a new one is copied.
    pub fn add(&mut self, word: &[u8], times: u64) {
        match self.words.get_mut(word) {
            Some(count) => *count += times,
            None => _ = self.words.insert(word.into(), times),
        }
    }

    /// Both together.
    pub fn merge(mut self, mut other: Self) -> Self {
        if self.words.len() < other.words.len() {
            std::mem::swap(&mut self, &mut other);
        }
        for (word, times) in other.words {
            self.add(&word, times);
        }
        self
    }
}
