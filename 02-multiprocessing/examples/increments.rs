//! Many processes add to one number under its lock, and every now and then one of them is killed: no addition is lost.
//!
//! `cargo run --example increments 100000000 64 1`: so many additions by so many processes, one killed each second.

use std::{
    env, thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use multiprocessing::{Error, Guard, Process, Shared};

/// The sum, and what each process has added to it: both change under one lock.
type Sums = [u64; 1 + MOST];

/// The most processes.
const MOST: usize = 64;

fn main() -> Result<()> {
    multiprocessing::init(|tasks| {
        tasks.process(add);
    });
    let number = |at| -> Result<u64> {
        let usage = "usage: increments ADDITIONS PROCESSES SECONDS";
        env::args().nth(at).and_then(|text| text.parse().ok()).context(usage)
    };
    let (additions, processes) = (number(1)?, number(2)? as usize);
    let every = Duration::from_secs(number(3)?);
    ensure!((1..=MOST).contains(&processes), "1 to {MOST} processes, not {processes}");

    let sums = Shared::new([0; 1 + MOST])?;
    let start = |place| Process::spawn(add, (sums.clone(), place, additions));
    let mut running = (1..=processes).map(start).collect::<Result<Vec<_>, _>>()?;
    let (mut killed, mut last) = (0, Instant::now());
    while lock(&sums)?[0] < additions {
        thread::sleep(Duration::from_millis(1));
        if last.elapsed() >= every {
            let victim = killed % processes;
            running[victim].kill()?;
            running[victim].wait()?;
            running[victim] = start(victim + 1)?;
            (killed, last) = (killed + 1, Instant::now());
        }
    }
    for process in running {
        process.join()?;
    }
    let sums = lock(&sums)?;
    let added: u64 = sums[1..].iter().sum();
    println!("{} in the sum, {added} added, {killed} of {processes} processes killed", sums[0]);
    ensure!(sums[0] == additions && added == additions, "additions were lost");
    Ok(())
}

/// Adds 1 until the sum is there.
fn add(sums: Shared<Sums>, place: usize, additions: u64) -> multiprocessing::Result<()> {
    loop {
        let mut sums = lock(&sums)?;
        if sums[0] == additions {
            return Ok(());
        }
        sums[0] += 1;
        sums[place] += 1;
    }
}

/// The lock, and what a process that was killed with it had done by half is taken back.
fn lock(sums: &Shared<Sums>) -> multiprocessing::Result<Guard<'_, Sums>> {
    match sums.lock() {
        Err(Error::OwnerDied { .. }) => {
            let mut sums = sums.recover()?;
            let added: u64 = sums[1..].iter().sum();
            assert!(sums[0] - added <= 1, "{} in the sum, {added} added", sums[0]);
            sums[0] = added;
            Ok(sums)
        }
        sums => sums,
    }
}
