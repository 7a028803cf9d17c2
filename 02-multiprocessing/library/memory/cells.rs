//! Values in memory that several processes share, each behind its lock. One of the files with `unsafe`.
#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::fmt;
use std::io::ErrorKind;
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use nix::fcntl::{FcntlArg, SealFlag, fcntl};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::mman::{MapFlags, ProtFlags, mmap, munmap};

use crate::error::{Error, Result};
use crate::memory::mutex::{Locked, Mutex};
use crate::memory::plain::Plain;
use crate::travel::descriptor::Descriptor;

/// This process; getpid(2) is a system call each time, and these processes never fork.
static PID: LazyLock<u32> = LazyLock::new(std::process::id);

/// With these the file's length is fixed, so that no access to the mapping can fault.
const SEALS: SealFlag =
    SealFlag::F_SEAL_GROW.union(SealFlag::F_SEAL_SHRINK).union(SealFlag::F_SEAL_SEAL);

/// A value behind a lock, as it lies in the shared memory. All processes run the same program, so they agree on it.
#[repr(C)]
struct Cell<T> {
    mutex: Mutex,
    /// The process that holds the lock, 0 if none.
    holder: AtomicU32,
    /// 1 + the process that died holding the lock (1 if it had no time to say), 0 once recovered.
    dead: AtomicU32,
    value: UnsafeCell<T>,
}

/// Some values in shared memory, each with its own lock that survives the death of its holder.
pub(crate) struct Cells<T: Plain> {
    pub descriptor: Descriptor,
    first: NonNull<Cell<T>>,
    count: usize,
}

// SAFETY: the memory stays mapped until drop, may be reached from any thread, and each value is only touched under its lock.
unsafe impl<T: Plain> Send for Cells<T> {}
// SAFETY: as above; a shared reference gives access only through the locks.
unsafe impl<T: Plain> Sync for Cells<T> {}

impl<T: Plain> Cells<T> {
    /// `count` copies of `value` in a new memory file (memfd_create(2)): it has no name that could be left behind.
    pub fn create(count: usize, value: T) -> Result<Cells<T>> {
        let file = memfd_create("shared", MFdFlags::MFD_CLOEXEC | MFdFlags::MFD_ALLOW_SEALING)
            .map_err(Error::system("open a memory file"))?;
        let size = count.checked_mul(size_of::<Cell<T>>());
        let length = size.and_then(|size| i64::try_from(size).ok());
        let (Some(size), Some(length)) = (size, length) else {
            return Err(Error::system("size a memory file")(ErrorKind::FileTooLarge));
        };
        nix::unistd::ftruncate(&file, length).map_err(Error::system("size a memory file"))?;
        fcntl(&file, FcntlArg::F_ADD_SEALS(SEALS)).map_err(Error::system("seal a memory file"))?;
        let cells = Cells::map(file.into(), size)?;
        for index in 0..count {
            // SAFETY: `index` is inside the mapping, which is writable, aligned, and not yet known to anybody else; and
            // there the mutex stays.
            unsafe {
                let cell = cells.first.add(index);
                cell.write(Cell {
                    mutex: Mutex::new(),
                    holder: AtomicU32::new(0),
                    dead: AtomicU32::new(0),
                    value: UnsafeCell::new(value),
                });
                cell.as_ref().mutex.init()?;
            }
        }
        Ok(cells)
    }

    /// The cells another process created.
    pub fn open(descriptor: Descriptor) -> Result<Cells<T>> {
        let seals = fcntl(&descriptor, FcntlArg::F_GET_SEALS)
            .map_err(Error::system("open shared memory"))?;
        let is_sealed = SealFlag::from_bits_truncate(seals).contains(SEALS);
        let whole = descriptor.whole_length();
        let size = whole.filter(|size| is_sealed && size.is_multiple_of(size_of::<Cell<T>>()));
        let size =
            size.ok_or_else(|| Error::system("open shared memory")(ErrorKind::InvalidData))?;
        Cells::map(descriptor, size)
    }

    /// Maps a sealed file of `size` bytes, a multiple of a cell's.
    fn map(descriptor: Descriptor, size: usize) -> Result<Cells<T>> {
        const { assert!(align_of::<Cell<T>>() <= 4096, "a mapping is aligned to a page, 4096 bytes") };
        let size = NonZeroUsize::new(size)
            .ok_or(ErrorKind::InvalidInput)
            .map_err(Error::system("map shared memory"))?;
        let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: a new mapping at a place the kernel chooses; its file is sealed, so it is never shorter than the mapping.
        let start = unsafe { mmap(None, size, access, MapFlags::MAP_SHARED, &descriptor, 0) }
            .map_err(Error::system("map shared memory"))?;
        Ok(Cells { descriptor, first: start.cast(), count: size.get() / size_of::<Cell<T>>() })
    }

    pub fn count(&self) -> usize {
        self.count
    }

    fn cell(&self, index: usize) -> &Cell<T> {
        assert!(index < self.count);
        // SAFETY: inside the mapping, which lives as long as `self`, and initialised by `create`.
        unsafe { self.first.add(index).as_ref() }
    }

    /// Waits for the lock of one value.
    #[inline]
    pub fn lock(&self, index: usize) -> Result<Guard<'_, T>> {
        let cell = self.cell(index);
        cell.mutex.lock().map(|locked| cell.guard(locked))
    }

    /// Takes the lock of one value if it is free.
    pub fn try_lock(&self, index: usize) -> Result<Option<Guard<'_, T>>> {
        let cell = self.cell(index);
        Ok(cell.mutex.try_lock()?.map(|locked| cell.guard(locked)))
    }
}

impl<T: Plain> Cell<T> {
    #[inline]
    fn guard(&self, locked: Locked) -> Guard<'_, T> {
        if let Locked::Left = locked {
            self.dead.store(self.holder.load(Relaxed) + 1, Relaxed);
        }
        self.holder.store(*PID, Relaxed);
        Guard { cell: self, panicking: std::thread::panicking(), not_send: PhantomData }
    }
}

impl<T: Plain> fmt::Debug for Cells<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} × {} in shared memory", self.count, std::any::type_name::<T>())
    }
}

impl<T: Plain> Drop for Cells<T> {
    fn drop(&mut self) {
        // A guard of ours that was forgotten is still in its thread's list of robust mutexes, which the C library and the
        // kernel follow: then the memory has to stay.
        if (0..self.count).any(|index| self.cell(index).holder.load(Relaxed) == *PID) {
            return;
        }
        // SAFETY: mapped by us with this length; every guard borrows `self`, so none is left.
        let _ = unsafe { munmap(self.first.cast(), self.count * size_of::<Cell<T>>()) };
    }
}

/// The lock of one shared value, held by this thread until dropped.
///
/// It cannot go to another thread: the lock belongs to the thread that took it.
pub struct Guard<'a, T: Plain> {
    cell: &'a Cell<T>,
    panicking: bool,
    not_send: PhantomData<*const ()>,
}

impl<T: Plain> Guard<'_, T> {
    /// The process that died with this lock, if one did and nobody has recovered it: `Some(0)` if it is not known which.
    #[inline]
    pub(crate) fn dead(&self) -> Option<u32> {
        self.cell.dead.load(Relaxed).checked_sub(1)
    }

    pub(crate) fn recover(&self) {
        self.cell.dead.store(0, Relaxed);
    }
}

impl<T: Plain> Deref for Guard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the lock is held, so nobody changes the value.
        unsafe { &*self.cell.value.get() }
    }
}

impl<T: Plain> DerefMut for Guard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is held and this guard is borrowed mutably.
        unsafe { &mut *self.cell.value.get() }
    }
}

impl<T: Plain> Drop for Guard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if !self.panicking && std::thread::panicking() {
            self.cell.dead.store(*PID + 1, Relaxed);
        }
        self.cell.holder.store(0, Relaxed);
        // SAFETY: this thread holds the lock: the guard was made when it took it and cannot leave the thread.
        unsafe { self.cell.mutex.unlock() };
    }
}

impl<T: Plain + fmt::Debug> fmt::Debug for Guard<'_, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, out)
    }
}

#[cfg(test)]
mod tests {
    use lab::in_time;

    use super::*;

    /// A memory file of so many bytes.
    fn file(size: usize, seals: SealFlag) -> Descriptor {
        let file = memfd_create("file", MFdFlags::MFD_CLOEXEC | MFdFlags::MFD_ALLOW_SEALING)
            .expect("open a memory file");
        assert_eq!(nix::unistd::write(&file, &vec![0; size]), Ok(size));
        fcntl(&file, FcntlArg::F_ADD_SEALS(seals)).expect("seal it");
        file.into()
    }

    #[test]
    fn memory_that_could_shrink_or_is_no_number_of_values_is_refused() {
        const SIZE: usize = size_of::<Cell<u64>>();
        let open = |size, seals| Cells::<u64>::open(file(size, seals)).map(|cells| cells.count());
        assert_eq!(open(3 * SIZE, SEALS).expect("it is sound"), 3);
        assert!(open(3 * SIZE, SealFlag::F_SEAL_GROW).is_err());
        assert!(open(3 * SIZE + 1, SEALS).is_err());
    }

    #[test]
    #[should_panic(expected = "index < self.count")]
    fn a_value_behind_the_last_one_is_refused() {
        let cells = Cells::create(2, 0_u64).expect("share");
        let _ = cells.lock(2);
    }

    #[test]
    fn it_says_how_many_and_a_guard_says_what() {
        in_time(|| {
            let cells = Cells::create(2, 7_u64).expect("share");
            assert_eq!(format!("{cells:?}"), "2 × u64 in shared memory");
            assert_eq!(format!("{:?}", cells.lock(1).expect("lock")), "7");
        });
    }
}
