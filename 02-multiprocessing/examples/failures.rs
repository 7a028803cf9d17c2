//! What a failure looks like: each kind is provoked, and what the library says is printed.
//!
//! `cargo run -p lesson-02-multiprocessing --example failures killed-worker`, and beside it CPython's
//! `timeout 5 python3 -P 02-multiprocessing/python/failures.py killed-worker`.

use std::{env, thread, time::Duration};

use anyhow::{Context, Result, bail};
use multiprocessing::{Pool, Process, Queue, Receiver, Shared};
use nix::{
    sys::signal::{Signal, kill, raise},
    unistd::Pid,
};

fn main() -> Result<()> {
    multiprocessing::init(|tasks| {
        tasks.pool(picky).pool(wait).process(die_with_lock).process(take_all);
    });
    match env::args().nth(1).as_deref() {
        Some("panic") => panic(),
        Some("killed-worker") => killed_worker(),
        Some("killed-lock-holder") => killed_lock_holder(),
        Some("killed-queue-reader") => killed_queue_reader(),
        _ => bail!(
            "usage: failures panic | killed-worker | killed-lock-holder | killed-queue-reader"
        ),
    }
}

fn picky(number: u32) -> u32 {
    assert!(number != 3, "three is not welcome");
    number
}

fn wait(seconds: u32) -> u32 {
    thread::sleep(Duration::from_secs(seconds.into()));
    seconds
}

fn panic() -> Result<()> {
    let pool = Pool::new(2)?;
    println!("map: {:?}", pool.map(picky, 1..=5).map_err(|error| error.to_string()));
    println!("the next map: {:?}", pool.map(picky, 4..=6)?);
    Ok(pool.join()?)
}

fn killed_worker() -> Result<()> {
    let pool = Pool::new(2)?;
    let victim = *pool.pids().first().context("no worker")?;
    let killer = thread::spawn(move || {
        thread::sleep(Duration::from_millis(500));
        kill(Pid::from_raw(victim.cast_signed()), Signal::SIGKILL)
    });
    println!("map: {:?}", pool.map(wait, [1, 1]).map_err(|error| error.to_string()));
    println!("the next map: {:?}", pool.map(wait, [0]).map_err(|error| error.to_string()));
    killer.join().expect("the killer does not panic").context("cannot kill the worker")
}

fn killed_lock_holder() -> Result<()> {
    let value = Shared::new(0)?;
    let result = Process::spawn(die_with_lock, (value.clone(),))?.join();
    println!("the holder: {:?}", result.map_err(|error| error.to_string()));
    println!("lock: {:?}", value.lock().map(|value| *value).map_err(|error| error.to_string()));
    println!("recover: {}", *value.recover()?);
    println!("lock: {}", *value.lock()?);
    Ok(())
}

fn die_with_lock(value: Shared<u32>) -> multiprocessing::Result<()> {
    let mut guard = value.lock()?;
    *guard = 1;
    let _ = raise(Signal::SIGKILL);
    Ok(())
}

fn killed_queue_reader() -> Result<()> {
    let Queue { sender, receiver } = Queue::new()?;
    let mut victim = Process::spawn(take_all, (receiver.clone(),))?;
    // By then it waits for an item; in CPython with the queue's lock held.
    thread::sleep(Duration::from_millis(500));
    victim.kill()?;
    println!("the reader: {:?}", victim.join().map_err(|error| error.to_string()));
    let other = Process::spawn(take_all, (receiver,))?;
    sender.send("an item".to_owned())?;
    drop(sender);
    other.join()?;
    println!("the other reader: done");
    Ok(())
}

fn take_all(items: Receiver<String>) -> multiprocessing::Result<()> {
    items.iter().try_for_each(|item| item.map(|item| println!("read: {item}")))
}
