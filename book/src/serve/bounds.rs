//! What a run may take.

use std::time::Duration;

/// What a run may take before it is stopped, and how many there may be.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Bytes that it prints.
    pub output: usize,
    /// How long each of its programs may take.
    pub time: Duration,
    /// Processes at once, of each of its programs.
    pub processes: usize,
    /// Runs at once: more would only disturb each other's times.
    pub at_once: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { output: 1 << 20, time: Duration::from_secs(60), processes: 200, at_once: 2 }
    }
}
