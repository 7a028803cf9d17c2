//! At most so many at a time, across processes.

use std::io::ErrorKind;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::{Error, Result};
use crate::memory::cells::{Cells, Guard};
use crate::travel::descriptor::Descriptor;
use crate::travel::news::News;

/// After so many milliseconds a waiter looks for the permits of dead processes, whose end wakes nobody.
const LOOK_AGAIN: u8 = 20;

/// Lets at most a fixed number of threads of any process through at a time. Answers to `multiprocessing.Semaphore`.
///
/// Each permit is a lock that the kernel frees when its holder dies, so a killed process gives its permits back: a
/// waiter gets them within 20 ms. In CPython they are lost for ever. In return a permit is given back by the thread
/// that took it, by dropping it; Python lets anyone call `release`.
#[derive(Clone, Debug)]
pub struct Semaphore {
    /// A lock for each permit, and one more for the number of waiters.
    cells: Arc<Cells<u64>>,
    /// That a permit was given back.
    returned: News,
}

/// A permit of a [`Semaphore`], given back when dropped.
#[derive(Debug)]
#[must_use = "the permit is given back at once if it is not kept"]
pub struct Permit<'a> {
    lock: Option<Guard<'a, u64>>,
    semaphore: &'a Semaphore,
}

impl Semaphore {
    /// A semaphore with so many permits.
    ///
    /// # Errors
    /// [`Error::System`] if there is no memory or descriptor left, or `permits` is 0.
    pub fn new(permits: usize) -> Result<Semaphore> {
        let returned = News::none()?;
        if permits == 0 {
            return Err(Error::system("make a semaphore without permits")(ErrorKind::InvalidInput));
        }
        Ok(Semaphore { cells: Arc::new(Cells::create(permits.saturating_add(1), 0)?), returned })
    }

    /// Waits for a permit. Answers to `acquire()`, or to `with semaphore:`.
    ///
    /// # Errors
    /// [`Error::System`] if waiting itself fails.
    pub fn acquire(&self) -> Result<Permit<'_>> {
        if let Some(permit) = self.try_acquire()? {
            return Ok(permit);
        }
        // First counted, then looked again: whoever gives a permit back after that sees the count.
        *self.waiters()? += 1;
        let permit = self.wait();
        *self.waiters()? -= 1;
        permit
    }

    fn wait(&self) -> Result<Permit<'_>> {
        let mut woken = false;
        loop {
            if let Some(permit) = self.try_acquire()? {
                if woken {
                    // The news we took may have been of two permits: pass it on to the next waiter.
                    self.returned.tell();
                }
                return Ok(permit);
            }
            woken |= self.returned.hear(LOOK_AGAIN)?;
        }
    }

    /// Takes a permit if one is free. Answers to `acquire(block=False)`.
    ///
    /// # Errors
    /// [`Error::System`] if a lock fails.
    pub fn try_acquire(&self) -> Result<Option<Permit<'_>>> {
        for index in 0..self.cells.count() - 1 {
            if let Some(lock) = self.cells.try_lock(index)? {
                return Ok(Some(Permit { lock: Some(lock), semaphore: self }));
            }
        }
        Ok(None)
    }

    /// How many wait. A waiter that is killed stays counted, which costs later releases a system call each.
    fn waiters(&self) -> Result<Guard<'_, u64>> {
        self.cells.lock(self.cells.count() - 1)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.lock = None;
        if self.semaphore.waiters().is_ok_and(|waiters| *waiters > 0) {
            self.semaphore.returned.tell();
        }
    }
}

impl Serialize for Semaphore {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        (&self.cells.descriptor, &self.returned).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Semaphore {
    fn deserialize<D: Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Semaphore, D::Error> {
        let (cells, returned) = <(Descriptor, News)>::deserialize(deserializer)?;
        Ok(Semaphore { cells: Arc::new(Cells::open(cells).map_err(de::Error::custom)?), returned })
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use lab::in_time;

    use super::*;

    /// A semaphore with one permit, that permit, and a thread that waits for it.
    fn waited_for<R>(then: impl FnOnce(&Semaphore, Permit<'_>) -> Result<R>) -> Result<R> {
        let semaphore = Semaphore::new(1)?;
        let permit = semaphore.acquire()?;
        thread::scope(|scope| {
            let waiter = scope.spawn(|| semaphore.acquire().map(drop));
            while *semaphore.waiters()? == 0 {
                thread::yield_now();
            }
            let done = then(&semaphore, permit);
            waiter.join().expect("it does not panic")?;
            assert_eq!(*semaphore.waiters()?, 0, "somebody is still counted");
            done
        })
    }

    #[test]
    fn who_gives_a_permit_back_tells_those_who_wait_and_nobody_else() {
        let told = in_time(|| -> Result<_> {
            waited_for(|_, permit| {
                drop(permit);
                Ok(())
            })?;
            let semaphore = Semaphore::new(1)?;
            drop(semaphore.acquire()?);
            let to_nobody = semaphore.returned.hear(0)?;
            let permit = semaphore.acquire()?;
            *semaphore.waiters()? += 1;
            drop(permit);
            Ok((to_nobody, semaphore.returned.hear(0)?))
        });
        assert_eq!(told.expect("no lock fails"), (false, true));
    }

    #[test]
    fn who_has_heard_of_a_permit_tells_the_next() {
        let told = in_time(|| {
            waited_for(|semaphore, mut permit| {
                semaphore.returned.tell();
                while !semaphore.returned.are_heard()? {
                    thread::yield_now();
                }
                permit.lock = None;
                std::mem::forget(permit);
                while *semaphore.waiters()? > 0 {
                    thread::yield_now();
                }
                semaphore.returned.hear(0)
            })
        });
        assert!(told.expect("no lock fails"));
    }
}
