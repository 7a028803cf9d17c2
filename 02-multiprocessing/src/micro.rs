//! What processes cost, one thing at a time, in the same program text in either language.
//!
//! Python → Rust: see the other examples of this lesson.
//!
//! Each command prints what it computed; `cargo xtask bench-all 02` times them as whole programs.
//!
//! Run: `cargo 02-multiprocessing micro map 1000000 --chunk 1`

use std::hint::black_box;

use anyhow::{Context, Result, ensure};
use multiprocessing::{Pool, Process, Queue, Sender, Shared, Tasks};

/// What processes cost: start, map, lock, queue
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    cost: Option<Cost>,
}

#[derive(clap::Subcommand)]
enum Cost {
    /// Start and join a process, so many times
    Start {
        times: u64,
        /// Memory that the parent holds meanwhile, in MB
        #[arg(long, default_value = "0", value_parser = clap::value_parser!(u64).range(..=100_000))]
        megabytes: u64,
    },
    /// Square so many numbers in a pool of two
    Map {
        numbers: u64,
        /// Numbers that a worker gets at a time [default: automatic]
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        chunk: Option<u32>,
    },
    /// Add 1 to a shared number, so many times in each process
    Lock {
        additions: u64,
        #[arg(long, default_value = "2", value_parser = clap::value_parser!(u32).range(1..=1000))]
        processes: u32,
    },
    /// Send so many numbers from one process to another
    Queue { items: u64 },
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(nothing).process(add).process(produce).pool(square);
}

pub fn run(args: &Args) -> Result<()> {
    println!(
        "{}",
        match args.cost {
            None => start(1, 0)?,
            Some(Cost::Start { times, megabytes }) => start(times, megabytes)?,
            Some(Cost::Map { numbers, chunk }) => map(numbers, chunk)?,
            Some(Cost::Lock { additions, processes }) => lock(additions, processes)?,
            Some(Cost::Queue { items }) => queue(items)?,
        }
    );
    Ok(())
}

fn start(times: u64, megabytes: u64) -> Result<String> {
    let ballast = vec![1_u8; usize::try_from(megabytes)? * 1_000_000];
    (0..times).try_for_each(|_| Process::spawn(nothing, ())?.join())?;
    ensure!(black_box(&ballast).iter().step_by(4096).all(|byte| *byte == 1), "the memory changed");
    Ok(format!("{times} processes started and joined"))
}

fn nothing() {}

fn map(numbers: u64, chunk: Option<u32>) -> Result<String> {
    let pool = Pool::new(2)?;
    let squares = match chunk {
        None => pool.map(square, 0..numbers)?,
        Some(chunk) => pool.map_chunked(square, 0..numbers, chunk as usize)?,
    };
    pool.join()?;
    let sum: u128 = squares.iter().copied().map(u128::from).sum();
    Ok(format!("{} squares, sum {sum}", squares.len()))
}

fn square(number: u64) -> u64 {
    number.wrapping_mul(number)
}

fn lock(additions: u64, processes: u32) -> Result<String> {
    let counter = Shared::new(0)?;
    let start = |_| Process::spawn(add, (counter.clone(), additions));
    let adders = (0..processes).map(start).collect::<Result<Vec<_>, _>>()?;
    adders.into_iter().try_for_each(Process::join)?;
    Ok(format!("{} additions", counter.get()?))
}

fn add(counter: Shared<u64>, additions: u64) -> multiprocessing::Result<()> {
    (0..additions).try_for_each(|_| counter.lock().map(|mut counter| *counter += 1))
}

fn queue(items: u64) -> Result<String> {
    let Queue { sender, receiver } = Queue::new()?;
    let producer = Process::spawn(produce, (items, sender))?;
    let sum: u64 = receiver.iter().sum::<Result<_, _>>().context("cannot read the queue")?;
    producer.join()?;
    Ok(format!("{items} items, sum {sum}"))
}

fn produce(items: u64, queue: Sender<u64>) -> multiprocessing::Result<()> {
    (0..items).try_for_each(|item| queue.send(item))
}
