//! What is measured, and the functions that run in other processes for it.

use std::{hint::black_box, num::NonZero};

use anyhow::{Result, ensure};
use multiprocessing::{Pool, Process, Queue, Sender, Shared, Tasks};

pub fn register(tasks: &mut Tasks) {
    tasks.process(nothing).pool(square).process(add).process(produce);
}

fn nothing() {}

pub fn start(times: u64, megabytes: u16) -> Result<String> {
    let ballast = vec![1_u8; usize::from(megabytes) * 1_000_000];
    for _ in 0..times {
        Process::spawn(nothing, ())?.join()?;
    }
    ensure!(black_box(&ballast).iter().step_by(4096).all(|byte| *byte == 1), "the memory changed");
    Ok(format!("{times} processes started and joined"))
}

fn square(number: u64) -> u64 {
    number.wrapping_mul(number)
}

pub fn map(numbers: u64, chunk: Option<NonZero<usize>>) -> Result<String> {
    let pool = Pool::new(2)?;
    let squares = match chunk {
        None => pool.map(square, 0..numbers)?,
        Some(chunk) => pool.map_chunked(square, 0..numbers, chunk.get())?,
    };
    pool.join()?;
    let sum: u128 = squares.iter().copied().map(u128::from).sum();
    Ok(format!("{} squares, sum {sum}", squares.len()))
}

fn add(counter: Shared<u64>, additions: u64) -> multiprocessing::Result<()> {
    (0..additions).try_for_each(|_| counter.lock().map(|mut counter| *counter += 1))
}

pub fn lock(additions: u64, processes: u32) -> Result<String> {
    let counter = Shared::new(0)?;
    let mut adders = Vec::new();
    for _ in 0..processes {
        adders.push(Process::spawn(add, (counter.clone(), additions))?);
    }
    adders.into_iter().try_for_each(Process::join)?;
    Ok(format!("{} additions", counter.get()?))
}

fn produce(items: u64, queue: Sender<u64>) -> multiprocessing::Result<()> {
    (0..items).try_for_each(|item| queue.send(item))
}

pub fn queue(items: u64) -> Result<String> {
    let Queue { sender, receiver } = Queue::new()?;
    let producer = Process::spawn(produce, (items, sender))?;
    let sum: u64 = receiver.iter().sum::<Result<_, _>>()?;
    producer.join()?;
    Ok(format!("{items} items, sum {sum}"))
}
