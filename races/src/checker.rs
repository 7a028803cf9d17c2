//! Runs a program under schedule after schedule, until one breaks it; runs it under that one again.

use std::{
    cell::RefCell,
    panic::{self, AssertUnwindSafe},
    rc::Rc,
};

use shuttle::{
    Config, FailurePersistence, Runner,
    scheduler::{DfsScheduler, ReplayScheduler, Schedule, Scheduler, Task, TaskId},
};

use crate::{
    log::{self, Step},
    panics::{message, quietly, without_stderr},
};

/// A schedule that breaks a program.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken {
    /// Who was next, step by step; 0 is the thread that starts the others.
    pub schedule: Vec<usize>,
    pub steps: Vec<Step>,
    pub why: String,
}

/// What was found, and after how many schedules.
pub struct Search {
    pub tried: usize,
    pub broken: Option<Broken>,
}

#[derive(Default)]
struct Record {
    tried: usize,
    schedule: Vec<usize>,
}

/// Picks who is next by lot: the same seed draws the same lots. Shuttle's own says its seed on stderr.
struct Lots {
    random: fastrand::Rng,
    most: usize,
    record: Rc<RefCell<Record>>,
}

impl Scheduler for Lots {
    fn new_execution(&mut self) -> Option<Schedule> {
        let mut record = self.record.borrow_mut();
        record.schedule.clear();
        (record.tried < self.most).then(|| {
            record.tried += 1;
            Schedule::new(0)
        })
    }

    fn next_task(&mut self, ready: &[&Task], _: Option<TaskId>, _: bool) -> Option<TaskId> {
        let next = self.random.choice(ready)?.id();
        self.record.borrow_mut().schedule.push(next.into());
        Some(next)
    }

    fn next_u64(&mut self) -> u64 {
        self.random.u64(..)
    }
}

/// Tries so many schedules, or until one breaks the program.
pub fn search(program: fn(), seed: u64, most: usize) -> Search {
    let record = Rc::new(RefCell::new(Record::default()));
    let lots = Lots { random: fastrand::Rng::with_seed(seed), most, record: Rc::clone(&record) };
    let failed = run(program, lots).err();
    let Record { tried, schedule } = record.take();
    Search { tried, broken: failed.map(|(steps, why)| Broken { schedule, steps, why }) }
}

/// Runs the program under that schedule alone. What comes back equals what was found, unless the program does not
/// depend on its schedule alone.
pub fn replay(program: fn(), schedule: &[usize]) -> Option<Broken> {
    let tasks = schedule.iter().copied();
    let mut replay = ReplayScheduler::new_from_schedule(Schedule::new_from_task_ids(0, tasks));
    replay.set_allow_incomplete();
    let (steps, why) = run(program, replay).err()?;
    Some(Broken { schedule: schedule.into(), steps, why })
}

/// Tries every schedule that there is, where they are fewer than so many; how many there are, or why one broke it.
pub fn try_all(program: fn(), most: usize) -> Result<Option<usize>, String> {
    let tried = run(program, DfsScheduler::new(Some(most), false)).map_err(|(_, why)| why)?;
    Ok((tried < most).then_some(tried))
}

/// How many schedules were tried, or the steps of the run that failed and why it did.
fn run(program: fn(), scheduler: impl Scheduler + 'static) -> Result<usize, (Vec<Step>, String)> {
    let run = || {
        Runner::new(scheduler, config()).run(move || {
            log::take();
            program();
        })
    };
    let ended = without_stderr(|| quietly(|| panic::catch_unwind(AssertUnwindSafe(run))));
    ended.map_err(|panic| {
        let why = message(&*panic);
        let is_deadlock = why.starts_with("deadlock");
        (log::take(), if is_deadlock { "a deadlock: nobody can go on".into() } else { why })
    })
}

fn config() -> Config {
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::None;
    config.silence_warnings = true;
    config
}
