//! The pool of the process library, as it is, with its threads and what its workers do, under the checker.

use std::cell::{Cell, RefCell};

use checked::{
    Error, Handle, Pool, init,
    process::{check, die_at_the_next_step, lot, somebody_died},
    workers::worker::kill_next_after,
};
use shuttle::{sync::Arc, thread};

fn double(number: u64) -> u64 {
    number * 2
}

fn fail_at_two(number: u64) -> u64 {
    if number == 2 {
        // A panic of which no hook hears.
        std::panic::resume_unwind(Box::new("on purpose"));
    }
    number
}

thread_local! {
    /// What the workers have done in this run.
    static DONE: RefCell<Vec<u64>> = RefCell::default();
    static IS_HELD: Cell<bool> = const { Cell::new(false) };
}

fn note(number: u64) -> u64 {
    DONE.with_borrow_mut(|done| done.push(number));
    number
}

/// Whoever is the first to come to the third item or a later one stays with it until another worker has died.
fn hold(number: u64) -> u64 {
    if number >= 2 && !IS_HELD.replace(true) {
        while !somebody_died() {
            thread::yield_now();
        }
    }
    number
}

/// Done, but never answered.
fn die(number: u64) -> u64 {
    die_at_the_next_step();
    number
}

/// A pool of two, of which the first worker may be killed.
fn pool(fuse: Option<usize>) -> Pool {
    init(|tasks| {
        tasks.pool(double).pool(fail_at_two).pool(note).pool(hold).pool(die);
    });
    if let Some(steps) = fuse {
        kill_next_after(steps);
    }
    Pool::new(2).expect("start a pool")
}

/// The error of who called a pool that has lost a worker.
fn is_loss(error: &Error) -> bool {
    match error {
        Error::WorkerDied { .. } => true,
        Error::Broken { reason } => reason.contains("PoolWorker-"),
        _ => false,
    }
}

fn is_drop(error: &Error) -> bool {
    matches!(error, Error::Broken { reason } if reason.contains("dropped"))
}

#[test]
fn two_calls_at_once_get_each_its_results_in_order() {
    check(300, || {
        let pool = Arc::new(pool(None));
        let other = Arc::clone(&pool);
        let caller =
            thread::spawn(move || other.map_chunked(double, 10..22, 1).expect("call the pool"));
        assert_eq!(pool.map_chunked(double, 0..5, 2).expect("call the pool"), [0, 2, 4, 6, 8]);
        let theirs = caller.join().expect("it does not panic");
        assert_eq!(theirs, (10..22).map(double).collect::<Vec<_>>());
        let pool = Arc::into_inner(pool).expect("nobody else has it");
        pool.join().expect("all workers live");
    });
}

#[test]
fn a_panic_is_one_items_and_the_pool_works_on() {
    check(300, || {
        let pool = pool(None);
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for result in pool.map_unordered(fail_at_two, 0..12).expect("call the pool") {
            match result {
                Ok(number) => good.push(number),
                Err(Error::WorkerPanicked { item, .. }) => bad.push(item),
                Err(error) => panic!("{error}"),
            }
        }
        good.sort_unstable();
        assert_eq!(bad, [Some(2)]);
        assert!(good.into_iter().eq([0, 1].into_iter().chain(3..12)));
        let whole = pool.map_chunked(fail_at_two, 0..4, 1);
        assert!(matches!(whole, Err(Error::WorkerPanicked { item: Some(2), .. })), "{whole:?}");
        assert_eq!(pool.map(double, 0..3).expect("call the pool"), [0, 2, 4]);
        pool.join().expect("all workers live");
    });
}

#[test]
fn a_death_fails_what_it_took_along_and_what_comes_later_and_nobody_waits_for_ever() {
    check(500, || {
        let pool = pool(Some(1 + lot(16)));
        let handle = pool.submit(double, (21,));
        let mut left = 10;
        if let Ok(results) = pool.map_unordered(double, 0..10) {
            for result in results {
                match result {
                    Ok(_) => left -= 1,
                    Err(error) => assert!(is_loss(&error), "{error}"),
                }
            }
        }
        match handle.and_then(|handle| handle.get()) {
            Ok(result) => assert_eq!(result, 42),
            Err(error) => assert!(is_loss(&error), "{error}"),
        }
        let later = pool.map(double, 0..2);
        assert!(left == 0 || later.as_ref().is_err_and(is_loss), "{later:?}");
        let end = pool.join();
        assert!(later.is_ok() || end.as_ref().is_err_and(is_loss), "{end:?}");
    });
}

#[test]
fn what_a_worker_has_answered_before_its_death_is_delivered() {
    check(500, || {
        DONE.take();
        // It receives, it sends, and so on; killed before it sends, it has done something in vain.
        let steps = 1 + lot(8);
        let pool = pool(Some(steps));
        let calls: Vec<_> = (0..6u64).map(|call| pool.submit(note, (call,))).collect();
        let mut in_vain = 0;
        for (call, handle) in (0..).zip(calls) {
            match handle.and_then(Handle::get) {
                Ok(result) => assert_eq!(result, call),
                Err(error) => {
                    assert!(is_loss(&error), "{error}");
                    in_vain += usize::from(DONE.with_borrow(|done| done.contains(&call)));
                }
            }
        }
        assert!(in_vain <= usize::from(steps.is_multiple_of(2)), "{in_vain} answers are lost");
    });
}

#[test]
fn what_a_worker_gives_back_to_a_broken_pool_is_told_as_lost() {
    check(500, || {
        IS_HELD.set(false);
        let pool = pool(None);
        let results = pool.map_unordered(hold, 0..12).expect("call the pool");
        // What is done after all other items, or was sent back.
        let death = pool.submit(die, (0,)).expect("call the pool").get();
        assert!(death.as_ref().is_err_and(is_loss), "{death:?}");
        let results: Vec<_> = results.collect();
        let lost = results.iter().find_map(|result| result.as_ref().err());
        assert!(lost.map_or(results.len() == 12, is_loss), "{results:?}");
    });
}

#[test]
fn results_that_nobody_wants_any_more_are_in_nobodys_way() {
    check(300, || {
        let pool = pool(None);
        let mut results = pool.map_unordered(double, 0..4).expect("call the pool");
        assert!(results.next().expect("there are four").is_ok());
        drop(results);
        drop(pool.submit(double, (1,)).expect("call the pool"));
        assert_eq!(pool.map(double, 0..3).expect("call the pool"), [0, 2, 4]);
        pool.join().expect("all workers live");
    });
}

#[test]
fn who_waits_for_a_pool_that_is_dropped_is_told() {
    check(500, || {
        let pool = pool(None);
        let handle = pool.submit(double, (21,)).expect("call the pool");
        let results = pool.map_unordered(double, 0..3).expect("call the pool");
        let waiter = thread::spawn(move || {
            let result = handle.get();
            assert!(result.as_ref().map_or_else(is_drop, |it| *it == 42), "{result:?}");
            let results: Vec<_> = results.collect();
            let failed = results.iter().filter(|result| result.is_err()).count();
            assert!(failed <= 1 && (failed == 1 || results.len() == 3), "{results:?}");
        });
        drop(pool);
        waiter.join().expect("it does not panic");
    });
}
