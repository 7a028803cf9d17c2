//! A value that processes share.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::{Error, Result};
use crate::memory::cells::{Cells, Guard};
use crate::memory::plain::Plain;
use crate::travel::descriptor::Descriptor;

/// A value in memory that several processes share, behind a lock. Answers to `multiprocessing.Value` and `Array`.
///
/// A clone, or a copy passed to a process, is another handle to the same value. Unlike Python's, the value cannot be
/// reached without its lock, so no increment can be lost.
///
/// ```no_run
/// # fn main() -> multiprocessing::Result<()> {
/// let counter = multiprocessing::Shared::new(0u64)?;
/// *counter.lock()? += 1;
/// # Ok(()) }
/// ```
pub struct Shared<T: Plain>(Arc<Cells<T>>);

impl<T: Plain> Shared<T> {
    /// Puts `value` into new shared memory, which goes with its last handle in any process.
    ///
    /// # Errors
    /// [`Error::System`] if there is no memory or descriptor left.
    pub fn new(value: T) -> Result<Shared<T>> {
        Ok(Shared(Arc::new(Cells::create(1, value)?)))
    }

    /// Waits for the lock. Answers to `with value.get_lock():`.
    ///
    /// # Errors
    /// [`Error::OwnerDied`] if a holder died, or panicked, with the lock, until somebody calls [`recover`](Shared::recover);
    /// [`Error::Deadlock`] if this thread holds it already. CPython hangs for ever in both cases.
    #[inline]
    pub fn lock(&self) -> Result<Guard<'_, T>> {
        sound(self.0.lock(0)?)
    }

    /// Takes the lock if it is free. Answers to `acquire(block=False)`.
    ///
    /// # Errors
    /// As [`lock`](Shared::lock); `None` also if this thread holds it already.
    pub fn try_lock(&self) -> Result<Option<Guard<'_, T>>> {
        self.0.try_lock(0)?.map(sound).transpose()
    }

    /// Waits for the lock and declares the value sound again. Look at it, and repair it, through the guard.
    ///
    /// # Errors
    /// [`Error::Deadlock`] if this thread holds the lock already.
    pub fn recover(&self) -> Result<Guard<'_, T>> {
        let guard = self.0.lock(0)?;
        guard.recover();
        Ok(guard)
    }

    /// A copy of the value, taken under the lock.
    ///
    /// # Errors
    /// As [`lock`](Shared::lock).
    pub fn get(&self) -> Result<T> {
        Ok(*self.lock()?)
    }
}

#[inline]
fn sound<T: Plain>(guard: Guard<'_, T>) -> Result<Guard<'_, T>> {
    match guard.dead() {
        None => Ok(guard),
        Some(pid) => Err(Error::OwnerDied { pid: (pid != 0).then_some(pid) }),
    }
}

impl<T: Plain> Clone for Shared<T> {
    fn clone(&self) -> Shared<T> {
        Shared(Arc::clone(&self.0))
    }
}

impl<T: Plain> fmt::Debug for Shared<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Shared").field(&std::any::type_name::<T>()).finish()
    }
}

/// The same in every process of this program, and different for different types, so that none is taken for another.
fn fingerprint<T>() -> u64 {
    let mut hasher = DefaultHasher::new();
    std::any::type_name::<T>().hash(&mut hasher);
    hasher.finish()
}

impl<T: Plain> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        (&self.0.descriptor, fingerprint::<T>()).serialize(serializer)
    }
}

impl<'de, T: Plain> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Shared<T>, D::Error> {
        let (descriptor, kind) = <(Descriptor, u64)>::deserialize(deserializer)?;
        if kind != fingerprint::<T>() {
            return Err(de::Error::custom("a shared value of another type"));
        }
        let cells = Cells::open(descriptor).map_err(de::Error::custom)?;
        Ok(Shared(Arc::new(cells)))
    }
}

#[cfg(test)]
mod tests {
    use lab::in_time;

    use super::*;
    use crate::travel::packet::{self, Packet};

    fn travelled<T: Plain>(value: &Shared<u64>) -> Result<Shared<T>> {
        let mut packet = Packet::default();
        packet.write(|bytes| packet::put(bytes, value, "a value"))?;
        packet.read(|bytes| packet::take(bytes, "a value"))
    }

    #[test]
    fn a_value_is_taken_for_one_of_its_own_type_only() {
        in_time(|| {
            let value = Shared::new(7_u64).expect("share");
            let same = travelled::<u64>(&value).expect("it is of that type");
            *same.lock().expect("lock") += 1;
            assert_eq!(value.get().expect("lock"), 8);
            // As long as the one that was sent.
            let other = travelled::<i64>(&value);
            assert!(matches!(other, Err(Error::Encoding { .. })), "{other:?}");
            assert_eq!(format!("{value:?}"), "Shared(\"u64\")");
        });
    }
}
