//! What stands for `gpu` in a program that was built without it.

use anyhow::{Result, bail};

pub fn list() -> Result<()> {
    none()
}

pub fn first(_: u32) -> Result<i128> {
    none()
}

pub fn sum(_: &[i32]) -> Result<i128> {
    none()
}

/// Says how to get one that has it.
fn none<T>() -> Result<T> {
    bail!(
        "this program was built without the GPU; run it as \
         `cargo run --release -p lesson-06-distributed --features gpu -- …`"
    )
}
