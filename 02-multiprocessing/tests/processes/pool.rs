//! A pool gives each item's result, in order, once.

use std::process;
use std::thread;
use std::time::Duration;

use multiprocessing::{Error, Pipe, Pool, Process, Queue, Result, Sender, Shared, Tasks};

use crate::process::spins;
use crate::queue::echoes;

tests! {
    map_keeps_order pool_has_a_worker_for_each_core unordered_gives_each_once submit_gives_handle
    slow_item_is_not_waited_for long_messages_pass closed_pool_finishes dropped_pool_kills
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(square).pool(add).pool(repeat).pool(announces_and_spins).pool(slow_once);
}

pub fn square(number: u64) -> u64 {
    number * number
}

pub fn add(left: i32, right: i32) -> i32 {
    left + right
}

fn repeat(text: String) -> String {
    text.repeat(2)
}

pub fn announces_and_spins(to: Sender<u32>) {
    to.send(process::id()).expect("send");
    spins();
}

/// Item 0 lasts until all others are done.
fn slow_once(item: u64, done: Shared<u64>) -> u64 {
    if item > 0 {
        *done.lock().expect("lock") += 1;
        return item;
    }
    while done.get().expect("look") < 40 {
        thread::sleep(Duration::from_millis(1));
    }
    item
}

fn map_keeps_order() -> Result<()> {
    let pool = Pool::new(3)?;
    for count in [0, 1, 2, 7, 1000, 30_000] {
        let expected: Vec<u64> = (0..count).map(|number| number * number).collect();
        assert_eq!(pool.map(square, 0..count)?, expected);
        for chunk in [0, 1, 2, 13, 100_000] {
            assert_eq!(pool.map_chunked(square, 0..count, chunk)?, expected, "chunk {chunk}");
        }
    }
    pool.join()
}

fn pool_has_a_worker_for_each_core() -> Result<()> {
    let cores = thread::available_parallelism().expect("count the cores").get();
    assert_eq!(Pool::new(None)?.workers(), cores);
    assert_eq!((Pool::new(3)?.workers(), Pool::new(Some(1))?.workers()), (3, 1));
    assert!(matches!(Pool::new(0), Err(Error::System { .. })));
    Ok(())
}

fn unordered_gives_each_once() -> Result<()> {
    let pool = Pool::new(2)?;
    let mut results = pool.map_unordered(square, 0..1000)?.collect::<Result<Vec<_>>>()?;
    results.sort_unstable();
    assert_eq!(results, (0..1000).map(|number| number * number).collect::<Vec<_>>());
    // What nobody waits for does not disturb what comes next.
    drop(pool.map_unordered(square, 0..100_000)?);
    assert_eq!(pool.map(square, 1..=5)?, [1, 4, 9, 16, 25]);
    Ok(())
}

fn submit_gives_handle() -> Result<()> {
    let pool = Pool::new(2)?;
    let handles =
        (0..20).map(|number| pool.submit(add, (number, 1))).collect::<Result<Vec<_>>>()?;
    let results = handles.into_iter().map(|handle| handle.get()).collect::<Result<Vec<_>>>()?;
    assert_eq!(results, (1..=20).collect::<Vec<_>>());
    let Queue { sender, receiver } = Queue::new()?;
    let pool = Pool::new(1)?;
    let spinning = pool.submit(announces_and_spins, (sender,))?;
    receiver.recv()?;
    let mut waiting = pool.map_unordered(square, 0..3)?;
    drop(pool);
    assert!(matches!(spinning.get(), Err(Error::Broken { .. })));
    assert!(matches!(waiting.next(), Some(Err(Error::Broken { .. }))));
    assert!(waiting.next().is_none());
    Ok(())
}

fn slow_item_is_not_waited_for() -> Result<()> {
    let pool = Pool::new(2)?;
    let done = Shared::new(0)?;
    let items = (0..=40).map(|item| (item, done.clone()));
    let handles = items.map(|args| pool.submit(slow_once, args)).collect::<Result<Vec<_>>>()?;
    for (item, handle) in handles.into_iter().enumerate() {
        assert_eq!(handle.get()?, item as u64);
    }
    Ok(())
}

fn long_messages_pass() -> Result<()> {
    let pool = Pool::new(2)?;
    let texts: Vec<String> = (0..24).map(|item| item.to_string().repeat(400_000)).collect();
    let expected: Vec<String> = texts.iter().map(|text| text.repeat(2)).collect();
    for chunk in [1, 3, 24] {
        assert_eq!(pool.map_chunked(repeat, texts.clone(), chunk)?, expected);
    }
    // Around the length at which messages change their way.
    for length in (131_000..131_200).step_by(7) {
        assert_eq!(pool.map(repeat, ["x".repeat(length)])?[0].len(), 2 * length);
    }
    let Pipe { parent, child } = Pipe::new()?;
    let echo = Process::spawn(echoes, (child,))?;
    for text in &texts {
        parent.send(text.clone())?;
        assert_eq!(parent.recv()?.as_ref(), Some(text));
    }
    drop(parent);
    echo.join()
}

fn closed_pool_finishes() -> Result<()> {
    let pool = Pool::new(2)?;
    let handle = pool.submit(add, (20, 22))?;
    pool.close();
    assert!(matches!(pool.map(square, 0..3), Err(Error::Broken { .. })));
    pool.join()?;
    assert_eq!(handle.get()?, 42);
    Ok(())
}

fn dropped_pool_kills() -> Result<()> {
    let pool = Pool::new(2)?;
    let Queue { sender, receiver } = Queue::new()?;
    let _one = pool.submit(announces_and_spins, (sender.clone(),))?;
    let _two = pool.submit(announces_and_spins, (sender,))?;
    let pids = [receiver.recv()?, receiver.recv()?];
    drop(pool);
    assert!(
        pids.iter().flatten().all(|pid| !std::path::Path::new(&format!("/proc/{pid}")).exists())
    );
    Ok(())
}
