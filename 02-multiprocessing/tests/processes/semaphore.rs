//! At most so many at a time.

use std::thread;

use multiprocessing::{End, Error, Pipe, Process, Result, Semaphore, Shared, Tasks};

tests! { semaphore_limits killed_holder_gives_permits_back impossible_semaphore_is_an_error }

pub fn register(tasks: &mut Tasks) {
    tasks.process(counts_inside).process(waits_with_permits);
}

/// The number inside now, and the most there ever were.
fn counts_inside(semaphore: Semaphore, inside: Shared<(u64, u64)>) -> Result<()> {
    for _ in 0..200 {
        let _permit = semaphore.acquire()?;
        {
            let mut inside = inside.lock()?;
            inside.0 += 1;
            inside.1 = inside.1.max(inside.0);
        }
        thread::yield_now();
        inside.lock()?.0 -= 1;
    }
    Ok(())
}

fn waits_with_permits(semaphore: Semaphore, parent: End<(), ()>) -> Result<()> {
    let _permits = (semaphore.acquire()?, semaphore.acquire()?);
    parent.send(())?;
    parent.recv().map(drop)
}

fn semaphore_limits() -> Result<()> {
    let (semaphore, inside) = (Semaphore::new(2)?, Shared::new((0, 0))?);
    let users = (0..4)
        .map(|_| Process::spawn(counts_inside, (semaphore.clone(), inside.clone())))
        .collect::<Result<Vec<_>>>()?;
    users.into_iter().try_for_each(Process::join)?;
    let (now, most) = inside.get()?;
    assert_eq!(now, 0);
    assert!((1..=2).contains(&most), "{most} at once");
    Ok(())
}

fn killed_holder_gives_permits_back() -> Result<()> {
    let semaphore = Semaphore::new(2)?;
    let Pipe { parent, child } = Pipe::<(), ()>::new()?;
    let mut holder = Process::spawn(waits_with_permits, (semaphore.clone(), child))?;
    parent.recv()?;
    assert!(semaphore.try_acquire()?.is_none());
    let waiter = thread::spawn({
        let semaphore = semaphore.clone();
        move || semaphore.acquire().map(drop)
    });
    holder.kill()?;
    holder.wait()?;
    waiter.join().expect("wait")?;
    let _both = (semaphore.acquire()?, semaphore.acquire()?);
    assert!(semaphore.try_acquire()?.is_none());
    Ok(())
}

fn impossible_semaphore_is_an_error() -> Result<()> {
    // The last two need more memory than can be counted: in bytes, and in bytes of a file.
    for permits in [0, usize::MAX, usize::MAX / 64] {
        assert!(matches!(Semaphore::new(permits), Err(Error::System { .. })), "{permits}");
    }
    Ok(())
}
