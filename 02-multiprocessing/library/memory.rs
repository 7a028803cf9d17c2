//! Memory that several processes share, and the locks in it. One of the two files with `unsafe`.
#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use nix::fcntl::{FcntlArg, SealFlag, fcntl};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::mman::{MapFlags, ProtFlags, mmap, munmap};
use nix::sys::time::TimeSpec;
use nix::time::{ClockId, clock_gettime};

use crate::descriptor::Descriptor;
use crate::{Error, Result};

/// This process; getpid(2) is a system call each time, and these processes never fork.
static PID: LazyLock<u32> = LazyLock::new(std::process::id);

/// With these the file's length is fixed, so that no access to the mapping can fault.
const SEALS: SealFlag =
    SealFlag::F_SEAL_GROW.union(SealFlag::F_SEAL_SHRINK).union(SealFlag::F_SEAL_SEAL);

/// How long to wait for a lock before looking whether it is free after all.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Turns of a spin loop before each look whether a lock is free; after the last one sleeps. Some 40 us in all.
const SPINS: [u32; 3] = [128, 256, 512];

/// A value that means the same in every process: numbers, arrays and tuples of them.
///
/// Answers to the type codes of `multiprocessing.Value` and `Array`.
///
/// # Safety
/// The type must contain no pointer, reference, handle or anything else that is only valid in one process.
pub unsafe trait Plain: Copy + Send + 'static {}

macro_rules! plain {
    ($($number:ty)*) => { $(
        // SAFETY: a number has no pointer in it.
        unsafe impl Plain for $number {}
    )* };
}
plain!(() bool char u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);

// SAFETY: its elements have no pointers in them.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}
// SAFETY: its parts have no pointers in them.
unsafe impl<A: Plain, B: Plain> Plain for (A, B) {}
// SAFETY: its parts have no pointers in them.
unsafe impl<A: Plain, B: Plain, C: Plain> Plain for (A, B, C) {}
// SAFETY: it has no pointers in it.
unsafe impl Plain for crate::ring::Ring {}

/// A value behind a lock, as it lies in the shared memory. All processes run the same program, so they agree on it.
#[repr(C)]
struct Cell<T> {
    mutex: UnsafeCell<libc::pthread_mutex_t>,
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
        let size =
            count.checked_mul(size_of::<Cell<T>>()).and_then(|size| i64::try_from(size).ok());
        nix::unistd::ftruncate(&file, size.unwrap_or(i64::MAX))
            .map_err(Error::system("size a memory file"))?;
        fcntl(&file, FcntlArg::F_ADD_SEALS(SEALS)).map_err(Error::system("seal a memory file"))?;
        let cells = Cells::map(file.into(), count)?;
        for index in 0..count {
            // SAFETY: `index` is inside the mapping, which is writable, aligned, and not yet known to anybody else.
            unsafe {
                let cell = cells.first.add(index);
                cell.write(Cell {
                    mutex: UnsafeCell::new(std::mem::zeroed()),
                    holder: AtomicU32::new(0),
                    dead: AtomicU32::new(0),
                    value: UnsafeCell::new(value),
                });
                init_mutex(cell.as_ref().mutex.get())?;
            }
        }
        Ok(cells)
    }

    /// The cells another process created.
    pub fn open(descriptor: Descriptor) -> Result<Cells<T>> {
        let seals = fcntl(&descriptor, FcntlArg::F_GET_SEALS)
            .map_err(Error::system("open shared memory"))?;
        let size = nix::sys::stat::fstat(&descriptor)
            .map_err(Error::system("open shared memory"))?
            .st_size as usize;
        if !SealFlag::from_bits_truncate(seals).contains(SEALS)
            || !size.is_multiple_of(size_of::<Cell<T>>())
        {
            let source = std::io::ErrorKind::InvalidData.into();
            return Err(Error::System { doing: "open shared memory", source });
        }
        Cells::map(descriptor, size / size_of::<Cell<T>>())
    }

    fn map(descriptor: Descriptor, count: usize) -> Result<Cells<T>> {
        const { assert!(align_of::<Cell<T>>() <= 4096, "a mapping is aligned to a page, 4096 bytes") };
        let size = NonZeroUsize::new(count * size_of::<Cell<T>>()).ok_or(Error::System {
            doing: "map shared memory",
            source: std::io::ErrorKind::InvalidInput.into(),
        })?;
        let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: a new mapping at a place the kernel chooses; its file is sealed, so it is never shorter than the mapping.
        let start = unsafe { mmap(None, size, access, MapFlags::MAP_SHARED, &descriptor, 0) }
            .map_err(Error::system("map shared memory"))?;
        Ok(Cells { descriptor, first: start.cast(), count })
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
        // SAFETY: the mutex was initialised by `create` and is never destroyed while mapped.
        match unsafe { libc::pthread_mutex_trylock(cell.mutex.get()) } {
            libc::EBUSY => cell.wait(),
            code => cell.locked(code),
        }
    }

    /// Takes the lock of one value if it is free.
    pub fn try_lock(&self, index: usize) -> Result<Option<Guard<'_, T>>> {
        let cell = self.cell(index);
        // SAFETY: as in `lock`.
        match unsafe { libc::pthread_mutex_trylock(cell.mutex.get()) } {
            // EDEADLK: this thread has it.
            libc::EBUSY | libc::EDEADLK => Ok(None),
            code => cell.locked(code).map(Some),
        }
    }
}

impl<T: Plain> Cell<T> {
    /// Waits for the lock, and looks again now and then: a process killed after it has unlocked and before it has woken
    /// us takes the waking along, if a third one locks in between. The kernel mends that only where none does.
    ///
    /// Before that it keeps out of the way for a few microseconds, longer each time: the other goes on faster if nobody
    /// else writes to the lock, and that is a quarter of the time for both.
    #[cold]
    fn wait(&self) -> Result<Guard<'_, T>> {
        for spins in SPINS {
            (0..spins).for_each(|_| std::hint::spin_loop());
            // SAFETY: as in `lock`.
            match unsafe { libc::pthread_mutex_trylock(self.mutex.get()) } {
                libc::EBUSY => {}
                code => return self.locked(code),
            }
        }
        loop {
            let now =
                clock_gettime(ClockId::CLOCK_REALTIME).map_err(Error::system("read the clock"))?;
            let until = now + TimeSpec::from_duration(LOOK_AGAIN);
            // SAFETY: as in `lock`; the time is a valid one.
            match unsafe { libc::pthread_mutex_timedlock(self.mutex.get(), until.as_ref()) } {
                libc::ETIMEDOUT => {}
                code => return self.locked(code),
            }
        }
    }

    #[inline]
    fn locked(&self, code: libc::c_int) -> Result<Guard<'_, T>> {
        match code {
            0 => {}
            libc::EOWNERDEAD => {
                self.dead.store(self.holder.load(Relaxed) + 1, Relaxed);
                // SAFETY: we hold this robust mutex after EOWNERDEAD (pthread_mutex_consistent(3)). Made usable at once:
                // that the value may not be is what `dead` remembers.
                unsafe { libc::pthread_mutex_consistent(self.mutex.get()) };
            }
            libc::EDEADLK => return Err(Error::Deadlock),
            code => {
                return Err(Error::system("lock shared memory")(
                    std::io::Error::from_raw_os_error(code),
                ));
            }
        }
        self.holder.store(*PID, Relaxed);
        Ok(Guard { cell: self, panicking: std::thread::panicking(), not_send: PhantomData })
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
        unsafe { libc::pthread_mutex_unlock(self.cell.mutex.get()) };
    }
}

impl<T: Plain + fmt::Debug> fmt::Debug for Guard<'_, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, out)
    }
}

/// Makes a mutex that works between processes, says when its holder died, and notices a thread that locks it twice.
///
/// # Safety
/// `mutex` must point to zeroed memory that nobody else uses yet.
unsafe fn init_mutex(mutex: *mut libc::pthread_mutex_t) -> Result<()> {
    let mut kind = std::mem::MaybeUninit::<libc::pthread_mutexattr_t>::uninit();
    let kind = kind.as_mut_ptr();
    // SAFETY: `kind` is initialised by the first call, used by the next ones and destroyed by the last; `mutex` is the caller's promise.
    let codes = unsafe {
        [
            libc::pthread_mutexattr_init(kind),
            libc::pthread_mutexattr_setpshared(kind, libc::PTHREAD_PROCESS_SHARED),
            libc::pthread_mutexattr_setrobust(kind, libc::PTHREAD_MUTEX_ROBUST),
            libc::pthread_mutexattr_settype(kind, libc::PTHREAD_MUTEX_ERRORCHECK),
            libc::pthread_mutex_init(mutex, kind),
            libc::pthread_mutexattr_destroy(kind),
        ]
    };
    match codes.into_iter().find(|&code| code != 0) {
        None => Ok(()),
        Some(code) => Err(Error::system("make a lock")(std::io::Error::from_raw_os_error(code))),
    }
}
