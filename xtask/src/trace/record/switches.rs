//! The kernel's records of every switch of a thread, every start and end, as perf_event_open(2) describes them.

use std::{collections::HashMap, io};

use anyhow::{Context, Result, ensure};
use nix::errno::Errno;
use perf_event::{Builder, Clock, ReadFormat, SampleFlag, Sampler, events::Software};

use crate::trace::recording::{State, Thread};

// The types of records, and the bits of their headers.
const LOST: u32 = 2;
const COMM: u32 = 3;
const EXIT: u32 = 4;
const FORK: u32 = 7;
const SWITCH: u32 = 14;
const SWITCH_OUT: u16 = 1 << 13;
const SWITCH_OUT_PREEMPT: u16 = 1 << 14;

/// Bytes at the end of each record: process, thread, time, core.
const WHO_AND_WHEN: usize = 24;

/// The largest ring of a core, in bytes. Without privileges all rings together may have half a MiB for each core.
const LARGEST: usize = 512 * 4096;
const SMALLEST: usize = 8 * 4096;

/// One ring for each core.
pub struct Switches {
    rings: Vec<Sampler>,
    events: Vec<Event>,
    lost: u64,
}

struct Event {
    time: u64,
    pid: u32,
    tid: u32,
    core: u32,
    what: What,
}

enum What {
    On,
    Off(State),
    Named(String),
    StartedBy(u32, u32),
    Ended,
}

impl Switches {
    /// Opens the rings. They stay empty until the first program that this thread starts afterwards.
    ///
    /// # Errors
    /// If the system does not allow it.
    pub fn open() -> Result<Self> {
        let mut size = LARGEST;
        let rings = loop {
            match open(size) {
                Err(error)
                    if error.raw_os_error() == Some(Errno::EPERM as i32) && size > SMALLEST =>
                {
                    size /= 2;
                }
                rings => {
                    break rings.context("the kernel gives no switch records (perf_event_open)")?;
                }
            }
        };
        ensure!(!rings.is_empty(), "the kernel gives switch records of no core");
        Ok(Self { rings, events: Vec::new(), lost: 0 })
    }

    /// Empties the rings; they have room for what some ten milliseconds bring.
    pub fn drain(&mut self) {
        for ring in &mut self.rings {
            while let Some(record) = ring.next_record() {
                let bytes = record.to_contiguous();
                if record.ty() == LOST {
                    self.lost += Fields(&bytes).u64(8).unwrap_or(0);
                } else {
                    self.events.extend(parse(record.ty(), record.misc(), &bytes));
                }
            }
        }
    }

    /// The threads that were seen, until `end`, and how many records are missing.
    pub fn finish(mut self, end: u64) -> (Vec<Thread>, u64) {
        self.drain();
        // A ring that was full to the last has not said so in a record.
        let counted =
            self.rings.iter_mut().filter_map(|ring| ring.as_counter_mut().read_full().ok()?.lost());
        let lost = self.lost.max(counted.sum());
        self.events.sort_by_key(|event| event.time);
        (threads(self.events, end), lost)
    }
}

fn open(size: usize) -> io::Result<Vec<Sampler>> {
    let mut rings = Vec::new();
    for core in 0..configured_cores() {
        let mut builder = Builder::new(Software::DUMMY);
        builder.observe_self().one_cpu(core).enabled(false).inherit(true).enable_on_exec(true);
        builder.exclude_kernel(true).clockid(Clock::MONOTONIC).sample_id_all(true);
        builder.sample(SampleFlag::TID | SampleFlag::TIME | SampleFlag::CPU);
        builder.comm(true).comm_exec(true).task(true).context_switch(true);
        // Linux before 6.0 does not count what is lost here.
        let counter = builder.read_format(ReadFormat::LOST).build();
        let counter = counter.or_else(|error| match error.raw_os_error() {
            Some(code) if code == Errno::EINVAL as i32 => {
                builder.read_format(ReadFormat::empty()).build()
            }
            _ => Err(error),
        });
        match counter {
            Ok(counter) => rings.push(counter.sampled(size)?),
            // A core that is switched off.
            Err(error) if error.raw_os_error() == Some(Errno::ENODEV as i32) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(rings)
}

/// All there are, whichever this process may use: what it starts may use others.
fn configured_cores() -> usize {
    let count = nix::unistd::sysconf(nix::unistd::SysconfVar::_NPROCESSORS_CONF);
    count.ok().flatten().and_then(|count| usize::try_from(count).ok()).unwrap_or(1)
}

/// A record's numbers, by their places.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn u32(&self, at: usize) -> Option<u32> {
        Some(u32::from_ne_bytes(self.0.get(at..at + 4)?.try_into().ok()?))
    }

    fn u64(&self, at: usize) -> Option<u64> {
        Some(u64::from_ne_bytes(self.0.get(at..at + 8)?.try_into().ok()?))
    }
}

fn parse(kind: u32, misc: u16, bytes: &[u8]) -> Option<Event> {
    let fields = Fields(bytes);
    let last = bytes.len().checked_sub(WHO_AND_WHEN)?;
    let (mut pid, mut tid) = (fields.u32(last)?, fields.u32(last + 4)?);
    let (time, core) = (fields.u64(last + 8)?, fields.u32(last + 16)?);
    let what = match kind {
        SWITCH if misc & SWITCH_OUT == 0 => What::On,
        SWITCH if misc & SWITCH_OUT_PREEMPT != 0 => What::Off(State::Ready),
        SWITCH => What::Off(State::Waiting),
        COMM => {
            (pid, tid) = (fields.u32(0)?, fields.u32(4)?);
            let name = String::from_utf8_lossy(bytes.get(8..last)?);
            What::Named(name.trim_end_matches('\0').to_owned())
        }
        // The end of the record says who did it, which may be the starter.
        FORK => {
            (pid, tid) = (fields.u32(0)?, fields.u32(8)?);
            What::StartedBy(fields.u32(4)?, fields.u32(12)?)
        }
        EXIT => {
            (pid, tid) = (fields.u32(0)?, fields.u32(8)?);
            What::Ended
        }
        _ => return None,
    };
    Some(Event { time, pid, tid, core, what })
}

/// Follows each thread through its states. `events` are in the order of time.
fn threads(events: Vec<Event>, end: u64) -> Vec<Thread> {
    let (mut alive, mut done) = (HashMap::<u32, Thread>::new(), Vec::new());
    for Event { time, pid, tid, core, what } in events {
        let new = |starter, name: &str| Thread {
            pid,
            tid,
            starter,
            name: name.to_owned(),
            named: false,
            begin: time,
            end: time,
            stays: Vec::new(),
        };
        match what {
            What::StartedBy(starter_pid, starter_tid) => {
                let name = alive.get(&starter_tid).map(|starter| starter.name.clone());
                let mut thread = new(Some((starter_pid, starter_tid)), &name.unwrap_or_default());
                thread.enter(State::Ready, time, None);
                // An id that is used again.
                done.extend(alive.insert(tid, thread));
            }
            What::Named(name) => {
                // The first is the program that we started: it has begun, and is on a core.
                let thread = alive.entry(tid).or_insert_with(|| {
                    let mut thread = new(None, "");
                    thread.enter(State::OnCore, time, Some(core));
                    thread
                });
                thread.named = thread.name != name;
                thread.name = name;
            }
            What::On => {
                if let Some(thread) = alive.get_mut(&tid) {
                    thread.enter(State::OnCore, time, Some(core));
                }
            }
            What::Off(state) => {
                if let Some(thread) = alive.get_mut(&tid) {
                    thread.enter(state, time, None);
                }
            }
            What::Ended => {
                if let Some(mut thread) = alive.remove(&tid) {
                    thread.leave(time);
                    done.push(thread);
                }
            }
        }
    }
    // What was still there when the recording ended.
    for mut thread in alive.into_values() {
        thread.leave(end);
        done.push(thread);
    }
    done.sort_by_key(|thread| (thread.begin, thread.tid));
    done
}
