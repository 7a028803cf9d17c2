//! Shared values, and who holds their locks.

use std::fs::read_to_string;
use std::thread;
use std::time::Duration;

use multiprocessing::{
    End, Error, Exit, Pipe, Pool, Process, Queue, Result, Semaphore, Shared, Tasks,
};
use nix::sys::signal::{Signal, raise};
use nix::time::{ClockId, clock_gettime};

tests! {
    dead_holder_is_told dead_holder_is_told_to_a_waiter panicking_holder_is_told second_lock_is_an_error
    waiter_sleeps memory_goes_with_its_last_handle
}

pub fn register(tasks: &mut Tasks) {
    tasks.process(dies_with_lock).process(waits_with_lock).pool(panics_with_lock);
}

fn dies_with_lock(value: Shared<(u64, u64)>) -> Result<()> {
    let mut guard = value.lock()?;
    guard.0 = 1;
    let _ = raise(Signal::SIGKILL);
    Ok(())
}

fn waits_with_lock(value: Shared<u64>, parent: End<(), ()>) -> Result<()> {
    let _guard = value.lock()?;
    parent.send(())?;
    parent.recv().map(drop)
}

fn panics_with_lock(value: Shared<u64>) {
    let _guard = value.lock().expect("lock");
    panic!("with the lock");
}

fn dead_holder_is_told() -> Result<()> {
    let value = Shared::new((0, 0))?;
    let mut process = Process::spawn(dies_with_lock, (value.clone(),))?;
    assert_eq!(process.wait()?, Exit::Signal(9));
    let told =
        |result| matches!(result, Err(Error::OwnerDied { pid: Some(pid) }) if pid == process.pid());
    for _ in 0..3 {
        assert!(told(value.lock().map(drop)));
        assert!(told(value.try_lock().map(drop)));
    }
    {
        let mut guard = value.recover()?;
        assert_eq!(*guard, (1, 0));
        guard.1 = 1;
    }
    assert_eq!(value.get()?, (1, 1));
    Ok(())
}

fn dead_holder_is_told_to_a_waiter() -> Result<()> {
    let value = Shared::new(0)?;
    let Pipe { parent, child } = Pipe::<(), ()>::new()?;
    let mut process = Process::spawn(waits_with_lock, (value.clone(), child))?;
    parent.recv()?;
    assert!(value.try_lock()?.is_none());
    let waiter = thread::spawn({
        let value = value.clone();
        move || matches!(value.lock(), Err(Error::OwnerDied { .. }))
    });
    process.kill()?;
    assert!(waiter.join().expect("wait"));
    process.wait()?;
    assert!(matches!(value.lock(), Err(Error::OwnerDied { .. })));
    drop(value.recover()?);
    *value.lock()? += 1;
    Ok(())
}

fn panicking_holder_is_told() -> Result<()> {
    let (value, pool) = (Shared::new(0u64)?, Pool::new(1)?);
    assert!(matches!(
        pool.submit(panics_with_lock, (value.clone(),))?.get(),
        Err(Error::WorkerPanicked { .. })
    ));
    assert!(
        matches!(value.lock(), Err(Error::OwnerDied { pid: Some(pid) }) if pid == pool.pids()[0])
    );
    drop(value.recover()?);
    value.get().map(drop)
}

fn second_lock_is_an_error() -> Result<()> {
    let value = Shared::new(0u64)?;
    let _guard = value.lock()?;
    assert!(matches!(value.lock(), Err(Error::Deadlock)));
    Ok(())
}

/// A waiter looks every 5 ms whether the lock is free, and sleeps in between.
fn waiter_sleeps() -> Result<()> {
    let busy = || -> Duration {
        clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("read the clock").into()
    };
    let value = Shared::new(0u64)?;
    let guard = value.lock()?;
    let waiter = thread::spawn({
        let value = value.clone();
        move || -> Result<Duration> {
            let before = busy();
            value.lock().map(drop)?;
            Ok(busy() - before)
        }
    });
    let held = Duration::from_millis(200);
    thread::sleep(held);
    drop(guard);
    let busy = waiter.join().expect("wait")?;
    assert!(busy < held / 20, "{busy:?} of at least {held:?}");
    Ok(())
}

fn mappings() -> usize {
    read_to_string("/proc/self/maps").expect("list mappings").matches("memfd:shared").count()
}

fn memory_goes_with_its_last_handle() -> Result<()> {
    let before = mappings();
    // The second has its locks on several pages.
    let (value, many, queue) = (Shared::new(0u64)?, Semaphore::new(1000)?, Queue::<u64>::new()?);
    let other = value.clone();
    assert_eq!(mappings(), before + 3);
    drop((value, many, queue));
    assert_eq!(mappings(), before + 1);
    // The C library and the kernel go on to look at a lock that this thread holds.
    std::mem::forget(other.lock()?);
    drop(other);
    assert_eq!(mappings(), before + 1);
    Ok(())
}
