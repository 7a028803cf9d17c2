//! What stands for `cluster` in a program that was built without it.

use anyhow::{Result, bail};

use crate::word_count::{chunk::Chunk, summary::Summary};

pub fn sum_of_squares(address: &str, _: f64, _: &[i32]) -> Result<i128> {
    none(address)
}

pub fn count(
    address: &str,
    _: f64,
    _: impl Iterator<Item = Vec<Chunk>>,
    _: usize,
) -> Result<Summary> {
    none(address)
}

/// Says how to get one that has it.
fn none<T>(address: &str) -> Result<T> {
    bail!(
        "cannot run on df://{address}: this program was built without the cluster; run it as \
         `cargo run --release -p lesson-06-distributed --features ballista -- …`"
    )
}
