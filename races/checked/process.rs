//! Processes, as threads of the checker. Each can be killed at any of its steps; then nothing of it runs any more, and
//! the kernel takes back what it had, some time later.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    collections::HashMap,
    ops::Deref,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    ptr,
    sync::{
        Arc, PoisonError, Weak,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread::panicking,
};

use shuttle::{
    Config, Runner,
    rand::Rng,
    scheduler::{PctScheduler, RandomScheduler, Scheduler},
    sync::{Condvar, Mutex},
    thread::{self, JoinHandle},
};

thread_local! {
    /// What the kernel has to take back of a process that was just killed.
    static LEFT: RefCell<Vec<Box<dyn FnOnce()>>> = RefCell::default();
    /// Whom each death wakes.
    static MOURNERS: RefCell<Vec<Weak<dyn Wake>>> = RefCell::default();
    static DEATHS: Cell<usize> = const { Cell::new(0) };
    /// What is there once in a program, by where its static lies.
    static ONCE: RefCell<HashMap<usize, &'static dyn Any>> = RefCell::default();
}

shuttle::thread_local! {
    /// The steps that are left to this process, if it is to be killed.
    static FUSE: Cell<Option<usize>> = Cell::new(None);
    static DOOM: RefCell<Doom> = RefCell::default();
}

/// How a process is killed by another one.
#[derive(Clone, Debug, Default)]
pub struct Doom(Arc<AtomicBool>);

impl Doom {
    /// From here on it dies at its next step.
    pub fn seal(&self) {
        self.0.store(true, SeqCst);
    }
}

/// Tries so many schedules by lot, and as many again in which few threads are overtaken, at the worst places: the same
/// ones each time. The first that breaks `program` fails the test, and is printed.
pub fn check(schedules: usize, program: fn()) {
    let tried = run(RandomScheduler::new_from_seed(1, schedules), program)
        + run(PctScheduler::new_from_seed(1, 3, schedules), program);
    assert_eq!(tried, 2 * schedules);
}

fn run(scheduler: impl Scheduler + 'static, program: fn()) -> usize {
    let mut config = Config::new();
    config.silence_warnings = true;
    // A ring of 64 KiB is on it for a moment.
    config.stack_size = 1 << 20;
    Runner::new(scheduler, config).run(move || {
        LEFT.take();
        MOURNERS.take();
        DEATHS.set(0);
        ONCE.take();
        program();
    })
}

/// A number by lot, below `end`; the schedule has it in it.
pub fn lot(end: usize) -> usize {
    shuttle::rand::thread_rng().gen_range(0..end)
}

/// Starts a process. It is killed before its step number `fuse`, if it takes so many. It returns whether it was not.
pub fn spawn(fuse: Option<usize>, work: impl FnOnce() + Send + 'static) -> JoinHandle<bool> {
    spawn_doomed(fuse, Doom::default(), work)
}

/// As [`spawn`]; it is also killed once its doom is sealed.
pub fn spawn_doomed(
    fuse: Option<usize>,
    doom: Doom,
    work: impl FnOnce() + Send + 'static,
) -> JoinHandle<bool> {
    thread::spawn(move || {
        FUSE.with(|it| it.set(fuse));
        DOOM.with(|it| it.replace(doom));
        let Err(end) = catch_unwind(AssertUnwindSafe(work)) else { return true };
        if !end.is::<Killed>() {
            resume_unwind(end);
        }
        // The kernel's work, which nobody kills.
        FUSE.with(|it| it.set(None));
        DOOM.with(|it| it.take());
        DEATHS.set(DEATHS.get() + 1);
        for left in LEFT.take() {
            left();
        }
        let mourners: Vec<_> =
            MOURNERS.with_borrow(|all| all.iter().filter_map(Weak::upgrade).collect());
        mourners.iter().for_each(|mourner| mourner.wake());
        false
    })
}

struct Killed;

/// Here the process may be killed.
pub(crate) fn step() {
    let burnt = FUSE.with(|it| {
        it.set(it.get().map(|left| left.saturating_sub(1)));
        it.get() == Some(0)
    });
    if burnt || is_doomed() {
        // Not a panic, of which a hook would hear.
        resume_unwind(Box::new(Killed));
    }
}

fn is_doomed() -> bool {
    DOOM.with(|it| it.borrow().0.load(SeqCst))
}

/// Has this process be killed at its next step.
pub fn die_at_the_next_step() {
    FUSE.with(|it| it.set(Some(1)));
}

/// Whether a process was killed in this run.
pub fn somebody_died() -> bool {
    DEATHS.get() > 0
}

/// Does what the kernel does when something is closed: at once, or if this process is just being killed, after it.
pub(crate) fn close(work: impl FnOnce() + 'static) {
    // No thread may wait while it unwinds: the checker would take the others to be panicking too.
    if panicking() { LEFT.with_borrow_mut(|left| left.push(Box::new(work))) } else { work() }
}

trait Wake {
    fn wake(&self);
}

/// What processes share by the kernel, and wait for.
#[derive(Debug, Default)]
pub(crate) struct Object<S> {
    state: Mutex<S>,
    changed: Condvar,
}

impl<S> Wake for Object<S> {
    fn wake(&self) {
        self.changed.notify_all();
    }
}

impl<S> Object<S> {
    pub fn new(state: S) -> Arc<Object<S>> {
        Arc::new(Object { state: Mutex::new(state), changed: Condvar::new() })
    }

    /// A system call: waits until `attempt` comes to something.
    pub fn call<R>(&self, mut attempt: impl FnMut(&mut S) -> Option<R>) -> R {
        step();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(done) = attempt(&mut state) {
                drop(state);
                self.changed.notify_all();
                return done;
            }
            if is_doomed() {
                drop(state);
                step();
                unreachable!("it is killed there");
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The kernel's own work.
    pub fn change<R>(&self, change: impl FnOnce(&mut S) -> R) -> R {
        let changed = change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
        changed
    }
}

/// Has every death wake those who wait for this.
pub(crate) fn mourn<S: 'static>(object: &Arc<Object<S>>) {
    let object: Weak<Object<S>> = Arc::downgrade(object);
    MOURNERS.with_borrow_mut(|all| all.push(object));
}

/// The standard library's, but with a value of its own in each run.
pub(crate) struct LazyLock<T>(fn() -> T);

impl<T> LazyLock<T> {
    pub const fn new(make: fn() -> T) -> LazyLock<T> {
        LazyLock(make)
    }
}

impl<T: 'static> Deref for LazyLock<T> {
    type Target = T;

    fn deref(&self) -> &T {
        let place = ptr::from_ref(self).addr();
        let known = ONCE.with_borrow(|all| all.get(&place).copied());
        let value = known.unwrap_or_else(|| {
            // As a static's, nobody drops it.
            let value = Box::leak(Box::new((self.0)()));
            ONCE.with_borrow_mut(|all| all.insert(place, value));
            value
        });
        value.downcast_ref().expect("one type lies in one place")
    }
}
