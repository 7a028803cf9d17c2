//! Squares added on a GPU: `square.wgsl` is what runs there, and this gives it numbers and adds what its groups found.

#[cfg(test)]
mod bounds;
mod device;

use anyhow::{Context, Result};
use wgpu::Limits;

use device::Device;
pub use device::list;

/// Numbers of one workgroup: as many as `square.wgsl` has them.
const GROUP: usize = 256 * 64;

/// Workgroups of one dispatch at the most, so that a slow GPU answers before its driver gives it up.
const GROUPS: usize = 2048;

/// The squares of 1 to `last`, added.
pub fn first(last: u32) -> Result<i128> {
    device::with("counted", |device| first_on(device, last))
}

fn first_on(device: &Device, last: u32) -> Result<i128> {
    let most = numbers_at_once(&device.device.limits());
    let parts = (0..last).step_by(most);
    parts.map(|before| part(device, before, most.min((last - before) as usize), &[])).sum()
}

/// The squares of `numbers`, added. They are copied to the GPU's memory, a part at a time.
pub fn sum(numbers: &[i32]) -> Result<i128> {
    device::with("from_memory", |device| sum_on(device, numbers))
}

fn sum_on(device: &Device, numbers: &[i32]) -> Result<i128> {
    let parts = numbers.chunks(numbers_at_once(&device.device.limits()));
    parts.map(|numbers| part(device, 0, numbers.len(), numbers)).sum()
}

/// Numbers of one dispatch: in no more groups than the GPU takes, and as many as it can have in memory, four bytes each.
fn numbers_at_once(limits: &Limits) -> usize {
    let groups = limits.max_compute_workgroups_per_dimension as usize;
    let memory = limits.max_buffer_size.min(limits.max_storage_buffer_binding_size) as usize;
    GROUP * GROUPS.min(groups).min(memory / 4 / GROUP).max(1)
}

/// One dispatch.
fn part(device: &Device, before: u32, count: usize, numbers: &[i32]) -> Result<i128> {
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
