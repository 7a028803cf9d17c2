//! Squares added on a GPU: `square.wgsl` is what runs there, and this gives it numbers and adds what its groups found.

mod device;

use anyhow::{Context, Result};

use device::Device;
pub use device::list;

/// Numbers of one workgroup: as many as `square.wgsl` has them.
const GROUP: usize = 256 * 64;

/// Workgroups of one dispatch: far below the 65,535 that every GPU takes, so that a slow one answers before its
/// driver gives it up, and as many as have numbers in the 128 MiB that every GPU can bind.
const GROUPS: usize = 2048;

/// The squares of 1 to `last`, added.
pub fn first(last: u32) -> Result<i128> {
    let device = Device::start("counted")?;
    let parts = (0..last).step_by(GROUP * GROUPS);
    device.timed(|| parts.map(|before| part(&device, before, (last - before) as usize, &[])).sum())
}

/// The squares of `numbers`, added. They are copied to the GPU's memory, a part at a time.
pub fn sum(numbers: &[i32]) -> Result<i128> {
    let device = Device::start("from_memory")?;
    device.timed(|| {
        let parts = numbers.chunks(GROUP * GROUPS);
        parts.map(|numbers| part(&device, 0, numbers.len(), numbers)).sum()
    })
}

/// One dispatch.
fn part(device: &Device, before: u32, count: usize, numbers: &[i32]) -> Result<i128> {
    let count = count.min(GROUP * GROUPS);
    // A square is the same with either sign.
    let numbers = numbers.iter().flat_map(|number| number.unsigned_abs().to_ne_bytes()).collect();
    let totals = device.run([before, count as u32], numbers, count.div_ceil(GROUP) as u32)?;
    let total = totals.chunks_exact(4).rev().enumerate().map(|(i, digit)| {
        let digit = u32::from_ne_bytes(digit.try_into().context("a digit has four bytes")?);
        Ok(u128::from(digit) << (16 * (3 - i % 4)))
    });
    let total: u128 = total.sum::<Result<_>>()?;
    i128::try_from(total).context("the sum is too large")
}
