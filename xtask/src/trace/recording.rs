//! What a recorder saw of one run: for each thread of the whole tree of processes, when it was on a core.

use serde::{Deserialize, Serialize};

/// How the facts of a recording were found.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize, clap::ValueEnum)]
pub enum Facts {
    /// The kernel's records of every switch: exact
    Switches,
    /// Each thread's counters in /proc, read every millisecond
    Sampled,
    /// None: only the spans that the programs write themselves
    Spans,
}

/// What a thread does.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum State {
    /// It runs on a core.
    OnCore,
    /// It could run and has no core.
    Ready,
    /// It waits: for time, a lock, a result. With [`Facts::Switches`] until it is on a core again, woken or not.
    Waiting,
}

/// Why a program was stopped.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum Stopped {
    /// Its time was up.
    Limit,
    /// Ctrl-C, or the end of who had started the recording.
    Interrupt,
    /// It had more processes than allowed.
    Processes,
}

/// A stretch of time in one state, in nanoseconds of CLOCK_MONOTONIC.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Stay {
    /// What the thread did.
    pub state: State,
    /// From when.
    pub begin: u64,
    /// Until when.
    pub end: u64,
    /// The core, where the thread was on one and it is known.
    pub core: Option<u32>,
}

/// A thread. Times are nanoseconds of CLOCK_MONOTONIC.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Thread {
    /// Its process.
    pub pid: u32,
    /// Its id; a process's main thread has that of the process.
    pub tid: u32,
    /// The process and the thread that started it; none for the first.
    pub starter: Option<(u32, u32)>,
    /// The name that the system knows, the last it had.
    pub name: String,
    /// Whether that name is its own, not its starter's.
    pub named: bool,
    /// When it began.
    pub begin: u64,
    /// When it ended, or the recording did.
    pub end: u64,
    /// What it did from begin to end, without gaps.
    pub stays: Vec<Stay>,
}

/// A run of a program and of all that it started.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Recording {
    /// How this was found.
    pub facts: Facts,
    /// Why nothing better could be had, if that was tried.
    pub instead: Option<String>,
    /// Nanoseconds of CLOCK_MONOTONIC when the program was started.
    pub begin: u64,
    /// When all of it had ended.
    pub end: u64,
    /// How many cores the program could use.
    pub cores: usize,
    /// The threads, in the order in which they began.
    pub threads: Vec<Thread>,
    /// How many of the kernel's records there was no room for.
    pub lost: u64,
    /// How many cores others kept busy at the same time, on average.
    pub others: f64,
    /// How the program failed, if it did.
    pub failure: Option<String>,
    /// Whether the program was stopped, and why.
    pub stopped: Option<Stopped>,
}

impl Thread {
    /// Whether it is its process's main thread.
    pub fn is_main(&self) -> bool {
        self.pid == self.tid
    }

    /// Goes into a state.
    pub fn enter(&mut self, state: State, at: u64, core: Option<u32>) {
        self.leave(at);
        self.stays.push(Stay { state, begin: at, end: u64::MAX, core });
    }

    /// Ends the last stay. One of no length is dropped.
    pub fn leave(&mut self, at: u64) {
        if let Some(last) = self.stays.last_mut() {
            last.end = last.end.min(at.max(last.begin));
            if last.begin == last.end {
                self.stays.pop();
            }
        }
        self.end = at;
    }

    /// Nanoseconds in a state.
    pub fn time_in(&self, state: State) -> u64 {
        let stays = self.stays.iter().filter(|stay| stay.state == state);
        stays.map(|stay| stay.end - stay.begin).sum()
    }
}
