//! What /proc/PID/task/TID says of each thread, read again and again: how long it has been on a core, and ready.
//!
//! The time on a core moves at switches and at the clock's ticks, some every 4 ms. So a stretch is known when it has
//! ended, and is put at the end of the time that it can have been in.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use super::tree;
use crate::trace::recording::{State, Stay, Thread};

/// How often all threads are looked at.
pub const PERIOD: Duration = Duration::from_millis(1);

/// How often new processes are looked for, which takes longer than to look at a known one.
const SEARCH: Duration = Duration::from_millis(2);

/// The threads seen so far.
pub struct Sampled {
    threads: BTreeMap<(u32, u32), Seen>,
    searched: Option<Instant>,
}

struct Seen {
    thread: Thread,
    counters: Counters,
    /// Since when the thread's time has not been told.
    untold: u64,
    /// Whether it was seen waiting meanwhile.
    waited: bool,
}

#[derive(Clone, Copy, Default)]
struct Counters {
    on_core: u64,
    ready: u64,
}

impl Sampled {
    /// Begins.
    ///
    /// # Errors
    /// If the system keeps no such counters.
    pub fn open() -> Result<Self> {
        fs::read_to_string("/proc/self/schedstat").context(
            "the system does not say how long threads were on a core (/proc/self/schedstat)",
        )?;
        Ok(Self { threads: BTreeMap::new(), searched: None })
    }

    /// Looks at all threads.
    pub fn look(&mut self, now: u64) {
        if self.searched.is_none_or(|at| at.elapsed() >= SEARCH) {
            self.search(now);
            self.searched = Some(Instant::now());
        }
        for ((pid, tid), seen) in &mut self.threads {
            if let Some((counters, waits)) = read(*pid, *tid) {
                seen.look(now, counters, waits);
            }
        }
    }

    fn search(&mut self, now: u64) {
        let mut there = HashMap::new();
        for pid in tree::descendants() {
            for tid in tree::threads(pid) {
                let name = fs::read_to_string(format!("/proc/{pid}/task/{tid}/comm"));
                there.insert((pid, tid), name.unwrap_or_default().trim().to_owned());
            }
        }
        for (id, name) in there {
            let seen = self.threads.entry(id).or_insert_with(|| Seen::new(id, now));
            if !name.is_empty() {
                seen.thread.name = name;
            }
        }
    }

    /// The threads, until `end`.
    pub fn finish(self, end: u64) -> Vec<Thread> {
        let parents: HashMap<u32, String> = self
            .threads
            .values()
            .filter(|seen| seen.thread.is_main())
            .map(|seen| (seen.thread.pid, seen.thread.name.clone()))
            .collect();
        let finish = |seen: Seen| {
            let mut thread = seen.finish(end);
            thread.named = !thread.is_main() && parents.get(&thread.pid) != Some(&thread.name);
            thread
        };
        let mut threads: Vec<_> = self.threads.into_values().map(finish).collect();
        threads.sort_by_key(|thread| (thread.begin, thread.tid));
        threads
    }
}

/// The counters, and whether the thread waits.
fn read(pid: u32, tid: u32) -> Option<(Counters, bool)> {
    let folder = format!("/proc/{pid}/task/{tid}");
    let text = fs::read_to_string(format!("{folder}/schedstat")).ok()?;
    let mut numbers = text.split_whitespace().map_while(|number| number.parse().ok());
    let counters = Counters { on_core: numbers.next()?, ready: numbers.next()? };
    let stat = fs::read_to_string(format!("{folder}/stat")).ok()?;
    // The name, in parentheses, may hold any character.
    let state = stat.rsplit_once(") ")?.1.chars().next()?;
    (!"ZX".contains(state)).then_some((counters, state != 'R'))
}

impl Seen {
    fn new((pid, tid): (u32, u32), now: u64) -> Self {
        let starter = (pid != tid).then_some((pid, pid));
        let (name, stays) = (String::new(), Vec::new());
        let thread = Thread { pid, tid, starter, name, named: false, begin: now, end: now, stays };
        Self { thread, counters: Counters::default(), untold: now, waited: false }
    }

    fn look(&mut self, now: u64, counters: Counters, waits: bool) {
        let on_core = counters.on_core.saturating_sub(self.counters.on_core);
        let ready = counters.ready.saturating_sub(self.counters.ready);
        self.waited |= waits;
        self.thread.end = now;
        if on_core > 0 || ready > 0 || self.waited {
            self.tell(now, on_core, ready);
            self.counters = counters;
            self.waited = false;
        }
    }

    /// Tells the time up to `now`: waiting, then ready, then on a core.
    fn tell(&mut self, now: u64, on_core: u64, ready: u64) {
        let on_core = now.saturating_sub(on_core).max(self.untold);
        let ready = on_core.saturating_sub(ready).max(self.untold);
        for (state, begin, end) in [
            (State::Waiting, self.untold, ready),
            (State::Ready, ready, on_core),
            (State::OnCore, on_core, now),
        ] {
            match self.thread.stays.last_mut() {
                _ if begin == end => {}
                Some(last) if last.state == state => last.end = end,
                _ => self.thread.stays.push(Stay { state, begin, end, core: None }),
            }
        }
        self.untold = now;
    }

    fn finish(mut self, end: u64) -> Thread {
        // Runnable when last seen, and its counters had not moved since.
        let last = self.thread.end.min(end);
        if last > self.untold {
            self.tell(last, last - self.untold, 0);
        }
        self.thread
    }
}
