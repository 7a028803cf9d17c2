//! Two races under loom, which tries every order of steps, and every order in which memory may show them: what shuttle,
//! whose atomics are all `SeqCst`, cannot find. Loom has no scopes, so these are small models of their own.

use std::panic;

use loom::{
    sync::{
        Arc,
        atomic::{
            AtomicUsize,
            Ordering::{self, Acquire, Relaxed, Release, SeqCst},
        },
    },
    thread,
};

/// Two threads change one counter.
fn count(add: fn(&AtomicUsize)) -> impl Fn() {
    move || {
        let counter = Arc::new(AtomicUsize::new(0));
        let other = Arc::clone(&counter);
        let thread = thread::spawn(move || add(&other));
        add(&counter);
        thread.join().expect("no thread panics");
        assert_eq!(counter.load(SeqCst), 2, "an update was lost");
    }
}

/// One thread writes a value, then says that it is there; another that hears so reads it.
fn publish(write: Ordering, read: Ordering) -> impl Fn() {
    move || {
        let shared = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
        let other = Arc::clone(&shared);
        let thread = thread::spawn(move || {
            other.0.store(42, Relaxed);
            other.1.store(1, write);
        });
        if shared.1.load(read) == 1 {
            assert_eq!(shared.0.load(Relaxed), 42, "the word came before the value");
        }
        thread.join().expect("no thread panics");
    }
}

fn is_broken(model: impl Fn() + Sync + Send + panic::UnwindSafe + 'static) -> bool {
    panic::catch_unwind(|| loom::model(model)).is_err()
}

#[test]
fn a_lost_update_is_found_and_one_step_loses_none_in_any_order() {
    assert!(is_broken(count(|counter| counter.store(counter.load(SeqCst) + 1, SeqCst))));
    loom::model(count(|counter| {
        counter.fetch_add(1, SeqCst);
    }));
}

#[test]
fn a_word_before_its_value_is_found_and_none_comes_with_release_and_acquire() {
    assert!(is_broken(publish(Relaxed, Relaxed)));
    assert!(is_broken(publish(Release, Relaxed)));
    assert!(is_broken(publish(Relaxed, Acquire)));
    loom::model(publish(Release, Acquire));
}
