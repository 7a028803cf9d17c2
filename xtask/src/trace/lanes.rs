//! What is drawn: a run's processes, threads and tasks as lanes, with what they did and what that is called.
//!
//! All times are nanoseconds since the run's beginning.

use super::recording::{Recording, State};

/// A run of one of the two programs, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Run {
    /// `Rust` or `Python`.
    pub language: &'static str,
    /// What was recorded, without its threads: these are the lanes.
    pub recording: Recording,
    /// How long it took.
    pub length: u64,
    /// The lanes, from above to below.
    pub lanes: Vec<Lane>,
    /// What is not drawn, because it did next to nothing, or because there is too much.
    pub folded: Folded,
    /// How many cores were in use from each of these times on.
    pub in_use: Vec<(u64, usize)>,
    /// When the program's own code began and ended, where the language has a start and an end around it.
    pub own: Option<(u64, u64)>,
}

/// Lanes that are told in a line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Folded {
    /// How many threads.
    pub threads: usize,
    /// How many tasks.
    pub tasks: usize,
    /// For how long the threads were on a core.
    pub on_core: u64,
}

/// A process, a thread, or a task.
#[derive(Clone, Debug)]
pub struct Lane {
    /// What it is.
    pub kind: Kind,
    /// What a reader would call it.
    pub name: String,
    /// Its process.
    pub pid: u32,
    /// Its thread; for a task the one that it was on last.
    pub tid: u32,
    /// The thread that started it.
    pub starter: Option<u32>,
    /// When it began.
    pub begin: u64,
    /// When it ended.
    pub end: u64,
    /// What it did, without gaps. A heading has none.
    pub stretches: Vec<Stretch>,
    /// What it worked on, if its name does not say it.
    pub works: Vec<Work>,
}

/// What a lane is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The name of a process whose threads follow.
    Heading,
    /// A process that has one thread to show.
    Process,
    /// A thread.
    Thread,
    /// A task, which shares a thread with others.
    Task,
}

/// What a lane did for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// What.
    pub look: Look,
    /// From when.
    pub begin: u64,
    /// Until when.
    pub end: u64,
    /// On which core, if that is known.
    pub core: Option<u32>,
}

/// What a stretch looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// On a core.
    OnCore,
    /// Ready, but without a core.
    Ready,
    /// Waits.
    Waiting,
    /// A task that has a thread which waits; without facts: at work, whether on a core or not.
    Holding,
}

/// A piece of work, with a name.
#[derive(Clone, Debug)]
pub struct Work {
    /// Its name.
    pub name: String,
    /// From when.
    pub begin: u64,
    /// Until when.
    pub end: u64,
}

impl From<State> for Look {
    fn from(state: State) -> Self {
        match state {
            State::OnCore => Self::OnCore,
            State::Ready => Self::Ready,
            State::Waiting => Self::Waiting,
        }
    }
}

impl Run {
    /// The share of the time in which the number of cores in use was as wanted.
    pub fn share_of_cores(&self, wanted: impl Fn(usize) -> bool) -> f64 {
        self.average_of_cores(0, self.length, |count| f64::from(u8::from(wanted(count))))
    }

    /// How many cores were in use from `begin` to `end`, on average.
    pub fn average_cores(&self, begin: u64, end: u64) -> f64 {
        self.average_of_cores(begin, end, |count| count as f64)
    }

    fn average_of_cores(&self, begin: u64, end: u64, value: impl Fn(usize) -> f64) -> f64 {
        let first = self.in_use.partition_point(|step| step.0 <= begin).saturating_sub(1);
        let mut sum = 0.0;
        for (at, (from, count)) in self.in_use.iter().enumerate().skip(first) {
            if *from >= end {
                break;
            }
            let to = self.in_use.get(at + 1).map_or(u64::MAX, |next| next.0);
            sum += value(*count) * to.min(end).saturating_sub((*from).max(begin)) as f64;
        }
        sum / end.saturating_sub(begin).max(1) as f64
    }

    /// The lanes of threads, whether alone in their process or not.
    pub fn threads(&self) -> impl Iterator<Item = &Lane> {
        self.lanes.iter().filter(|lane| matches!(lane.kind, Kind::Process | Kind::Thread))
    }

    /// The lanes of tasks.
    pub fn tasks(&self) -> impl Iterator<Item = &Lane> {
        self.lanes.iter().filter(|lane| lane.kind == Kind::Task)
    }
}

impl Lane {
    /// Nanoseconds that look so.
    pub fn time(&self, look: Look) -> u64 {
        let stretches = self.stretches.iter().filter(|stretch| stretch.look == look);
        stretches.map(|stretch| stretch.end - stretch.begin).sum()
    }

    /// The stretches that lie at least partly from `begin` to `end`.
    pub fn between(&self, begin: u64, end: u64) -> &[Stretch] {
        let first = self.stretches.partition_point(|stretch| stretch.end <= begin);
        let rest = &self.stretches[first..];
        &rest[..rest.partition_point(|stretch| stretch.begin < end)]
    }

    /// The shares of the time from `begin` to `end` in each [`Look`], in its order. What is left it was not alive.
    pub fn shares(&self, begin: u64, end: u64) -> [f64; 4] {
        let mut shares = [0.0; 4];
        for stretch in self.between(begin, end) {
            let time = stretch.end.min(end).saturating_sub(stretch.begin.max(begin));
            shares[stretch.look as usize] += time as f64 / (end - begin).max(1) as f64;
        }
        shares
    }
}
