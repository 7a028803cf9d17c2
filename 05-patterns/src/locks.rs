//! Eight ways in which threads wait for one another, a few lines each.
//!
//! Ports: techniques slide 12 · approaches slide 13 (its text)
//! Python → Rust: `Lock` → `Mutex` · an exception inside `with lock` → a poisoned `Mutex` · none →
//! `RwLock` · `Semaphore`, `Event` → `locks/semaphore.rs`, `locks/event.rs`, on `Condvar` ·
//! `Barrier` → `Barrier` · none → `OnceLock`, atomics
//!
//! A `Mutex` owns what it guards. When a thread panics with the lock held, the value may be half
//! changed: every later `lock` says so (it is "poisoned") until somebody looks and clears it. Python
//! opens the lock as the exception passes and says nothing. The standard library has neither
//! semaphore nor event: both are a dozen lines. Nothing here sleeps: barriers bring about what is
//! shown, counters check it.
//!
//! Run: `cargo 05-patterns locks`, or some of them: `cargo 05-patterns locks poisoning event`

mod event;
mod semaphore;

use std::{
    sync::{
        Barrier, Mutex, OnceLock, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

use anyhow::{Result, ensure};
use clap::ValueEnum;
use event::Event;
use semaphore::Semaphore;
use tracing::info_span;

/// Lock, semaphore, event, barrier and more, a few lines each
#[derive(clap::Args)]
pub struct Args {
    /// Which of them [default: all]
    kinds: Vec<Kind>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Mutex,
    Poisoning,
    RwLock,
    Semaphore,
    Event,
    Barrier,
    Once,
    Atomic,
}

const THREADS: usize = 4;

pub fn run(args: &Args) -> Result<()> {
    let kinds = if args.kinds.is_empty() { Kind::value_variants() } else { &args.kinds };
    kinds.iter().try_for_each(|kind| match kind {
        Kind::Mutex => mutex(),
        Kind::Poisoning => poisoning(),
        Kind::RwLock => rw_lock(),
        Kind::Semaphore => semaphore(),
        Kind::Event => event(),
        Kind::Barrier => barrier(),
        Kind::Once => once(),
        Kind::Atomic => atomic(),
    })
}

/// Runs `work` in so many threads, each with its number, and waits for them all.
fn in_threads(threads: usize, work: impl Fn(usize) + Sync) {
    thread::scope(|scope| {
        for number in 0..threads {
            let work = &work;
            scope.spawn(move || info_span!("thread", number).in_scope(|| work(number)));
        }
    });
}

/// Python: `with lock: resource.update(…)`
fn mutex() -> Result<()> {
    let resource = Mutex::new(Vec::new());
    in_threads(THREADS, |number| resource.lock().expect("no thread panics").push(number));
    println!("mutex: {} updates by {THREADS} threads", resource.into_inner()?.len());
    Ok(())
}

/// Python: the same without a word; the next one to take the lock finds 70 and 20.
fn poisoning() -> Result<()> {
    let accounts = Mutex::new((100, 0));
    let transfer = || {
        let mut accounts = accounts.lock().expect("no thread panicked yet");
        accounts.0 -= 30;
        accounts.1 += 20;
        panic!("told to fail with the lock held");
    };
    let failed = thread::scope(|scope| scope.spawn(transfer).join().is_err());
    ensure!(failed && accounts.is_poisoned(), "the lock is not poisoned");
    let mut found = accounts.lock().unwrap_or_else(PoisonError::into_inner);
    print!("poisoning: {} and {} were left behind", found.0, found.1);
    found.1 = 100 - found.0;
    accounts.clear_poison();
    println!(", put right to {} and {}", found.0, found.1);
    Ok(())
}

/// Python: has none. All readers are inside at once, or the barrier would never open.
fn rw_lock() -> Result<()> {
    let (value, all_inside) = (RwLock::new(1), Barrier::new(THREADS));
    in_threads(THREADS, |_| {
        let _reading = value.read().expect("no thread panics");
        all_inside.wait();
    });
    *value.write().expect("no thread panics") += 1;
    println!("rw-lock: {THREADS} readers at once, then 1 writer: {}", value.into_inner()?);
    Ok(())
}

/// Python: `with Semaphore(3):`
fn semaphore() -> Result<()> {
    let (semaphore, inside, most) = (Semaphore::new(3), AtomicUsize::new(0), AtomicUsize::new(0));
    in_threads(2 * THREADS, |_| {
        let _permit = semaphore.acquire();
        most.fetch_max(inside.fetch_add(1, Relaxed) + 1, Relaxed);
        thread::yield_now();
        inside.fetch_sub(1, Relaxed);
    });
    ensure!(most.into_inner() <= 3, "more than 3 threads were inside");
    println!("semaphore: {} threads, never more than 3 at once", 2 * THREADS);
    Ok(())
}

/// Python: `event.wait()` and `event.set()`
fn event() -> Result<()> {
    let (event, ready, value) = (Event::default(), Barrier::new(THREADS + 1), OnceLock::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                ready.wait();
                event.wait();
                assert!(value.get().is_some(), "the event came before it was set");
            });
        }
        ready.wait();
        value.get_or_init(|| "set before the event");
        event.set();
    });
    println!("event: {THREADS} threads waited, one set let them all go");
    Ok(())
}

/// Python: `barrier.wait()`, which gives each thread a number; here one is the leader.
fn barrier() -> Result<()> {
    let (barrier, arrived, leaders) =
        (Barrier::new(THREADS), AtomicUsize::new(0), AtomicUsize::new(0));
    in_threads(THREADS, |_| {
        arrived.fetch_add(1, Relaxed);
        let leads = barrier.wait().is_leader();
        assert_eq!(arrived.load(Relaxed), THREADS, "a thread is past the barrier too early");
        leaders.fetch_add(usize::from(leads), Relaxed);
    });
    println!("barrier: {THREADS} threads met, {} of them leads", leaders.into_inner());
    Ok(())
}

/// Python: `functools.cache`, whose function may run twice when two threads come at once.
fn once() -> Result<()> {
    let (value, made) = (OnceLock::new(), AtomicUsize::new(0));
    in_threads(THREADS, |_| {
        value.get_or_init(|| made.fetch_add(1, Relaxed));
    });
    println!("once: asked for by {THREADS} threads, made {} time", made.into_inner());
    Ok(())
}

/// Python: has none; `+=` needs a lock.
fn atomic() -> Result<()> {
    let counter = AtomicUsize::new(0);
    in_threads(THREADS, |_| (0..1000).for_each(|_| _ = counter.fetch_add(1, Relaxed)));
    println!("atomic: {} additions by {THREADS} threads", counter.into_inner());
    Ok(())
}
