//! `bag --first N`: the numbers 1 to N, made where they are squared, so that a thousand million need no memory.

use std::hint::black_box;

use anyhow::{Context, Result};
use multiprocessing::Tasks;
use rayon::prelude::*;

use crate::{
    cluster, gpu,
    on::{On, OnOrGpu},
    processes,
};

/// Numbers that a task has: sending one costs as much as squaring thousands.
const BLOCK: i32 = 1 << 18;

#[derive(clap::Args)]
#[group(skip)]
pub struct Args {
    /// The numbers 1 to N in place of NUMBERS, N up to 1000000000
    #[arg(long, value_name = "N", conflicts_with = "numbers")]
    #[arg(value_parser = clap::value_parser!(i32).range(1..=1_000_000_000))]
    first: Option<i32>,
    /// With --first: the numbers are written to memory, four bytes each, and read from there
    #[arg(long, requires = "first")]
    from_memory: bool,
    /// Name the GPUs that there are, and nothing else
    #[arg(long, exclusive = true)]
    list_gpus: bool,
}

impl Args {
    /// Does what needs no numbers in memory, if that was asked for.
    pub fn run(&self, on: &OnOrGpu) -> Option<Result<()>> {
        if self.list_gpus {
            return Some(gpu::list());
        }
        let last = self.first.filter(|_| !self.from_memory)?;
        Some(sum(last, on).map(|total| println!("Sum of squared numbers: {total}")))
    }

    /// 1 to N, where they are to be in memory.
    pub fn in_memory(&self) -> Result<Option<Vec<i32>>> {
        let Some(last) = self.first else { return Ok(None) };
        let mut numbers = Vec::new();
        let reserved = numbers.try_reserve_exact(last as usize);
        reserved.with_context(|| format!("{last} numbers do not fit into memory"))?;
        numbers.extend(1..=last);
        Ok(Some(numbers))
    }
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(block);
    cluster::numbers::register(block);
}

fn sum(last: i32, on: &OnOrGpu) -> Result<i128> {
    let whole = last / BLOCK * BLOCK;
    let mut ends: Vec<i32> = (1..=last / BLOCK).map(|block| block * BLOCK).collect();
    ends.extend((whole < last).then_some(last));
    Ok(match on {
        OnOrGpu::On(On::Threads) => ends.into_par_iter().map(block).sum(),
        OnOrGpu::On(On::Processes) => processes::sum(block, ends)?,
        OnOrGpu::On(On::Cluster(at)) => cluster::numbers::sum(at.clone(), block, ends)?,
        OnOrGpu::Gpu => gpu::first(last as u32)?,
    })
}

/// The squares of a block's numbers up to the last one, added. They fit: 2^18 squares of less than 2^60 are less than 2^78.
fn block(last: i32) -> i128 {
    let begin = (last - 1) / BLOCK * BLOCK;
    // The compiler knows the formula, and would put it in place of the loop: nothing would be left to share out.
    (begin + 1..=last).map(|number| i128::from(black_box(number)).pow(2)).sum()
}
