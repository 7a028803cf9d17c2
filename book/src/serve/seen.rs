//! What a page learns of a run, while it runs.

use serde::Serialize;

/// Something that happened, a line of JSON each.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Seen {
    /// The run has begun; by this number it is stopped.
    Run {
        /// The number.
        id: u64,
    },
    /// A program has been started.
    Start {
        /// `Rust` or `Python`.
        language: &'static str,
    },
    /// It printed something, whole lines as a rule.
    Text {
        /// What.
        text: String,
    },
    /// A bound was met, and the run is being stopped.
    Bound {
        /// Which.
        text: String,
    },
    /// A program has ended.
    End {
        /// When, how, and how many cores it used.
        text: String,
        /// Whether it failed.
        failed: bool,
    },
    /// All that ran, as lanes.
    Picture {
        /// The picture.
        svg: String,
        /// What it shows, in words.
        text: String,
    },
    /// Something went wrong that is not the example's fault.
    Error {
        /// What.
        text: String,
    },
}
