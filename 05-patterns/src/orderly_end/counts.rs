//! What was produced, and what became of it.

use std::sync::atomic::AtomicU64;

use anyhow::{Result, ensure};

#[derive(Default)]
pub struct Counts {
    pub produced: AtomicU64,
    pub taken: AtomicU64,
    pub consumed: AtomicU64,
    pub panics: AtomicU64,
}

impl Counts {
    /// Prints the closing line; that a number was lost, or a consumer panicked, is an error.
    pub fn close(self) -> Result<()> {
        let (produced, consumed) = (self.produced.into_inner(), self.consumed.into_inner());
        println!("{produced} produced, {consumed} consumed");
        ensure!(produced == consumed, "{} numbers were lost", produced.abs_diff(consumed));
        let panics = self.panics.into_inner();
        ensure!(panics == 0, "a consumer panicked, and its number was consumed after all");
        Ok(())
    }
}
