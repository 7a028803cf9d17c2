//! The semaphore of the process library, as it is, under the checker.

use checked::{
    Semaphore,
    process::{check, lot, spawn},
};
use shuttle::sync::{
    Arc, Barrier,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

/// Takes a permit, and fails if more than so many have one.
fn pass(semaphore: &Semaphore, inside: &AtomicUsize, permits: usize) {
    let permit = semaphore.acquire().expect("wait for a permit");
    assert!(inside.fetch_add(1, SeqCst) < permits, "more have a permit than there are");
    inside.fetch_sub(1, SeqCst);
    drop(permit);
}

/// Three processes that want a permit two times each.
fn contend(permits: usize) {
    let semaphore = Semaphore::new(permits).expect("make a semaphore");
    let inside = Arc::new(AtomicUsize::new(0));
    let processes: Vec<_> = (0..3)
        .map(|_| {
            let (semaphore, inside) = (semaphore.clone(), Arc::clone(&inside));
            spawn(None, move || (0..2).for_each(|_| pass(&semaphore, &inside, permits)))
        })
        .collect();
    for process in processes {
        assert!(process.join().expect("it does not panic"));
    }
}

#[test]
fn nobody_waits_for_a_permit_that_is_free_and_needs_no_time_for_it() {
    check(2000, || contend(1));
    check(2000, || contend(2));
}

/// The one that is woken may hear of both permits: it has to tell the other, which it waits for with its own in hand.
#[test]
fn two_permits_that_are_given_back_at_once_wake_two() {
    check(2000, || {
        let semaphore = Semaphore::new(2).expect("make a semaphore");
        let both = Arc::new(Barrier::new(2));
        let permits = [(); 2].map(|()| semaphore.acquire().expect("it is free"));
        let waiters = [(); 2].map(|()| {
            let (semaphore, both) = (semaphore.clone(), Arc::clone(&both));
            spawn(None, move || {
                let _permit = semaphore.acquire().expect("wait for a permit");
                both.wait();
            })
        });
        drop(permits);
        for waiter in waiters {
            assert!(waiter.join().expect("it does not panic"));
        }
    });
}

#[test]
fn whoever_is_killed_gives_its_permits_back_and_the_others_go_on() {
    check(2000, || {
        let semaphore = Semaphore::new(1).expect("make a semaphore");
        let steps = 1 + lot(30);
        let processes: Vec<_> = [Some(steps), None, None]
            .into_iter()
            .map(|fuse| {
                let semaphore = semaphore.clone();
                let work = move || (0..2).for_each(|_| drop(semaphore.acquire().expect("wait")));
                (fuse.is_some(), spawn(fuse, work))
            })
            .collect();
        for (is_mortal, process) in processes {
            assert!(process.join().expect("it does not panic") || is_mortal);
        }
        assert!(semaphore.try_acquire().expect("look").is_some(), "a permit is lost");
    });
}
