//! A race that a thousand plain runs do not show, found by trying out schedules.
//!
//! Four threads read a counter, add 1 and write it back. Between read and write another thread may
//! do the same, and an update is lost. shuttle runs the threads one at a time and decides at each
//! step who is next; a schedule that fails is kept, and can be run again, step by step.
//!
//! Run: `cargo test -p tests --test races -- --nocapture`

use std::{
    fs,
    panic::{self, AssertUnwindSafe},
};

use anyhow::{Context, Result};
use shuttle::{
    Config, FailurePersistence, Runner,
    scheduler::RandomScheduler,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

/// Runs `add` in four threads.
fn in_four_threads<T: Send + Sync + 'static>(value: T, add: fn(&T)) -> Arc<T> {
    let value = Arc::new(value);
    let start = |_| {
        let value = Arc::clone(&value);
        thread::spawn(move || add(&value))
    };
    let threads: Vec<_> = (0..4).map(start).collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
    value
}

/// Compiles: each step is atomic, the two together are not. Python's `counter += 1`.
fn read_and_write() {
    let counter = in_four_threads(AtomicUsize::new(0), |counter| {
        let read = counter.load(SeqCst);
        counter.store(read + 1, SeqCst);
    });
    assert_eq!(counter.load(SeqCst), 4, "an update was lost");
}

fn add_in_one_step() {
    let counter = in_four_threads(AtomicUsize::new(0), |counter| {
        counter.fetch_add(1, SeqCst);
    });
    assert_eq!(counter.load(SeqCst), 4);
}

fn add_under_a_lock() {
    let counter = in_four_threads(Mutex::new(0), |counter| *counter.lock().expect("no panic") += 1);
    assert_eq!(*counter.lock().expect("no panic"), 4);
}

/// One test: shuttle's panic hook takes its settings from whoever comes first in a program.
#[test]
fn a_lost_update_is_found_and_replayed_and_none_is_lost_in_one_step_or_under_a_lock() -> Result<()>
{
    let folder = tempfile::tempdir()?;
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::File(Some(folder.path().into()));
    let search = Runner::new(RandomScheduler::new(1000), config);
    let found = panic::catch_unwind(AssertUnwindSafe(|| search.run(read_and_write)));
    assert!(found.is_err(), "no schedule in 1,000 loses an update");

    let schedule = fs::read_dir(folder.path())?.next().context("no schedule was kept")??.path();
    let schedule = fs::read_to_string(schedule)?;
    println!("the schedule that loses an update: {schedule}");
    for _ in 0..10 {
        let replay = || shuttle::replay(read_and_write, &schedule);
        assert!(panic::catch_unwind(replay).is_err(), "replayed, the schedule loses none");
    }

    shuttle::check_random(add_in_one_step, 1000);
    shuttle::check_random(add_under_a_lock, 1000);
    Ok(())
}
