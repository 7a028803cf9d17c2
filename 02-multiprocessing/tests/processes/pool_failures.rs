//! Panics and deaths in pools.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use multiprocessing::{Error, Exit, Pool, Queue, Result, Tasks};

use crate::pool::{add, announces_and_spins, square};
use crate::{kill, unread, within};

tests! {
    panic_is_reported_and_pool_works_on panic_spares_others unread_output_is_as_of_one_process
    killed_worker_breaks_pool killed_idle_worker_breaks_pool exiting_task_breaks_pool
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(picky).pool(says).pool(ends);
}

fn picky(number: u64) -> u64 {
    assert!(number % 1000 != 500, "not {number}");
    number + 1
}

fn says(number: u64) {
    println!("{number}");
}

fn ends(code: i32) {
    std::process::exit(code);
}

fn panic_is_reported_and_pool_works_on() -> Result<()> {
    let pool = Pool::new(2)?;
    for round in 0..50u64 {
        let chunk = [1, 3, 64, 5000][round as usize % 4];
        match pool.map_chunked(picky, 0..1000, chunk) {
            Err(Error::WorkerPanicked { worker, item, location, message }) => {
                assert!(worker.starts_with("PoolWorker-"));
                assert_eq!((item, message.as_str()), (Some(500), "not 500"));
                assert!(location.contains("pool_failures.rs:"), "{location}");
            }
            other => panic!("{other:?}"),
        }
        // Replies to the map before are still on their way.
        let start = 1000 * round;
        let expected: Vec<u64> = (start + 1..=start + 400).collect();
        assert_eq!(pool.map_chunked(picky, start..start + 400, chunk)?, expected);
    }
    pool.join()
}

fn panic_spares_others() -> Result<()> {
    let pool = Pool::new(2)?;
    let results: Vec<_> = pool.map_unordered(picky, 0..2000)?.collect();
    assert_eq!(results.len(), 2000);
    let failed: BTreeSet<_> = results
        .iter()
        .filter_map(|result| match result {
            Err(Error::WorkerPanicked { item, .. }) => *item,
            _ => None,
        })
        .collect();
    assert_eq!(failed, BTreeSet::from([500, 1500]));
    let sum: u64 = results.into_iter().flatten().sum();
    assert_eq!(sum, (1..=2000).sum::<u64>() - 501 - 1501);
    assert!(matches!(
        pool.submit(picky, (500u64,))?.get(),
        Err(Error::WorkerPanicked { item: None, .. })
    ));
    pool.join()
}

/// Prints from workers in each of three ways, and counts those that fail as `println!` does.
pub fn prints_from_pool() -> ExitCode {
    let pool = Pool::new(2).expect("start a pool");
    let ways: [&dyn Fn() -> Result<()>; 3] = [
        &|| pool.map(says, 0..10).map(drop),
        &|| pool.map_unordered(says, 0..10)?.try_for_each(|result| result),
        &|| pool.submit(says, (0,))?.get(),
    ];
    let panics = ways.iter().filter(|way| catch_unwind(AssertUnwindSafe(way)).is_err()).count();
    ExitCode::from(panics as u8)
}

fn unread_output_is_as_of_one_process() -> Result<()> {
    let output = unread(&["--prints-in-pool"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert_eq!(told.matches("failed printing to stdout: Broken pipe").count(), 3, "{told}");
    assert!(!told.contains("PoolWorker"), "{told}");
    Ok(())
}

fn killed_worker_breaks_pool() -> Result<()> {
    within(Duration::from_millis(10), || {
        let pool = Pool::new(2)?;
        let Queue { sender, receiver } = Queue::new()?;
        let killer = thread::spawn(move || {
            let pid = receiver.recv().expect("receive").expect("a worker");
            kill(pid);
            // Kept open: the other worker may only now announce itself.
            (pid, Instant::now(), receiver)
        });
        let answer = pool.map_chunked(announces_and_spins, vec![sender; 8], 1);
        let answered = Instant::now();
        let (killed, at, _receiver) = killer.join().expect("kill");
        match answer {
            Err(Error::WorkerDied { pid, exit: Exit::Signal(9), .. }) => assert_eq!(pid, killed),
            other => panic!("{other:?}"),
        }
        assert!(matches!(pool.map(square, 0..3), Err(Error::Broken { .. })));
        assert!(matches!(pool.submit(add, (1, 2)), Err(Error::Broken { .. })));
        Ok(answered - at)
    })
}

fn killed_idle_worker_breaks_pool() -> Result<()> {
    let pool = Pool::new(1)?;
    assert_eq!(pool.map(square, 1..=3)?, [1, 4, 9]);
    let killed = pool.pids()[0];
    kill(killed);
    match pool.map(square, 1..=3) {
        Err(Error::WorkerDied { pid, exit: Exit::Signal(9), .. }) => assert_eq!(pid, killed),
        other => panic!("{other:?}"),
    }
    assert!(matches!(pool.join(), Err(Error::Broken { .. })));
    Ok(())
}

fn exiting_task_breaks_pool() -> Result<()> {
    let pool = Pool::new(2)?;
    assert!(matches!(pool.map(ends, [3]), Err(Error::WorkerDied { exit: Exit::Code(3), .. })));
    Ok(())
}
