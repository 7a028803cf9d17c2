//! Which items a worker of a pool does next.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::pool::job::Job;
use crate::sync::{Condvar, Mutex};

/// Some neighbouring items of one job, on their way to a worker.
pub(crate) struct Batch {
    pub sequence: u64,
    pub job: Arc<dyn Job>,
    pub items: Range<usize>,
    /// Whether there were more than fit into a message.
    pub cut: bool,
}

/// The jobs that still have items to hand out, oldest first.
#[derive(Default)]
pub(crate) struct Schedule {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Waiting>,
    /// Batches with a worker: items may come back from them.
    in_flight: usize,
    next_sequence: u64,
    closed: bool,
    broken: Option<String>,
}

struct Waiting {
    sequence: u64,
    job: Arc<dyn Job>,
    items: VecDeque<Range<usize>>,
}

impl Schedule {
    /// Adds a job of `count` items.
    ///
    /// # Errors
    /// [`Error::Broken`] after a worker died or the pool was closed.
    pub fn add(&self, job: Arc<dyn Job>, count: usize) -> Result<()> {
        let mut state = self.state.lock();
        if let Some(reason) = &state.broken {
            return Err(Error::Broken { reason: reason.clone() });
        }
        if state.closed {
            return Err(Error::Broken { reason: "the pool was closed".into() });
        }
        let sequence = state.next_sequence;
        state.next_sequence += 1;
        if count > 0 {
            state.waiting.push_back(Waiting {
                sequence,
                job,
                items: std::iter::once(0..count).collect(),
            });
        }
        self.changed.notify_all();
        Ok(())
    }

    /// The next batch, at most `chunks` chunks and a fair share of what is left for each of `workers`; waits if `wait`.
    /// `None` if there is none: with `wait`, because the pool has ended.
    pub fn next(&self, wait: bool, pace: &Pace, workers: usize) -> Option<Batch> {
        let mut state = self.state.lock();
        loop {
            if state.broken.is_some() {
                return None;
            }
            if let Some(batch) = state.take(pace, workers) {
                return Some(batch);
            }
            if !wait || (state.closed && state.in_flight == 0) {
                return None;
            }
            self.changed.wait(&mut state);
        }
    }

    /// Says that a worker is through with a batch, and hands `rest` of it out again.
    pub fn returned(&self, batch: &Batch, rest: Range<usize>) {
        let mut state = self.state.lock();
        state.in_flight -= 1;
        state.give_back(batch, rest);
        self.changed.notify_all();
    }

    /// Hands the end of a batch out again that did not fit into the message.
    pub fn cut(&self, batch: &mut Batch, end: usize) {
        let rest = end..batch.items.end;
        batch.items.end = end;
        batch.cut = true;
        self.state.lock().give_back(batch, rest);
        self.changed.notify_all();
    }

    /// Takes no more jobs; those that are here are finished.
    pub fn close(&self) {
        self.state.lock().closed = true;
        self.changed.notify_all();
    }

    /// Refuses new jobs from now on, fails `lost` with `error` and the jobs that wait with the reason of the first break.
    pub fn break_off(&self, error: Error, lost: Option<Batch>) {
        let mut state = self.state.lock();
        let waiting = std::mem::take(&mut state.waiting);
        let first = state.broken.is_none();
        let reason = match &error {
            Error::Broken { reason } => reason.clone(),
            error => error.to_string(),
        };
        let reason = state.broken.get_or_insert(reason).clone();
        drop(state);
        self.changed.notify_all();
        let broken = || Error::Broken { reason: reason.clone() };
        if let Some(batch) = lost {
            batch.job.end(if first { error } else { broken() });
        }
        for waiting in waiting {
            waiting.job.end(broken());
        }
    }

    pub fn broken(&self) -> Option<String> {
        self.state.lock().broken.clone()
    }
}

impl State {
    fn take(&mut self, pace: &Pace, workers: usize) -> Option<Batch> {
        loop {
            let front = self.waiting.front_mut()?;
            let left: usize = front.items.iter().map(ExactSizeIterator::len).sum();
            let (Some(items), false) = (front.items.front_mut(), front.job.is_cancelled()) else {
                self.waiting.pop_front();
                continue;
            };
            let chunk = front.job.chunk();
            let fair = left / (2 * workers) / chunk;
            let count =
                items.len().min(chunk.saturating_mul(pace.chunks(front.sequence).min(fair).max(1)));
            let batch = items.start..items.start + count;
            items.start = batch.end;
            let (sequence, job) = (front.sequence, Arc::clone(&front.job));
            if items.start == items.end {
                front.items.pop_front();
            }
            // A job that is all in flight does not wait: the death of one worker is not its end with another.
            if front.items.is_empty() {
                self.waiting.pop_front();
            }
            self.in_flight += 1;
            return Some(Batch { sequence, job, items: batch, cut: false });
        }
    }

    fn give_back(&mut self, batch: &Batch, rest: Range<usize>) {
        if rest.is_empty() {
            return;
        }
        if let Some(reason) = &self.broken {
            return batch.job.end(Error::Broken { reason: reason.clone() });
        }
        match self.waiting.iter_mut().find(|waiting| waiting.sequence == batch.sequence) {
            Some(waiting) => match waiting.items.front_mut() {
                // Most often nobody took the next items in the meantime.
                Some(next) if next.start == rest.end => next.start = rest.start,
                _ => waiting.items.push_front(rest),
            },
            None => self.waiting.push_front(Waiting {
                sequence: batch.sequence,
                job: Arc::clone(&batch.job),
                items: std::iter::once(rest).collect(),
            }),
        }
    }
}

/// Below this an order may be twice as long the next time. More than the scheduler lets another thread run in between.
const GROW: Duration = Duration::from_millis(5);

/// How many chunks one worker is sent at once: as many as take a few milliseconds, so that small chunks do not cost a
/// message each, and no chunk waits long behind others.
#[derive(Default)]
pub(crate) struct Pace {
    sequence: u64,
    chunks: usize,
}

impl Pace {
    fn chunks(&self, sequence: u64) -> usize {
        if sequence == self.sequence { self.chunks.max(1) } else { 1 }
    }

    /// Learns from a batch of which `done` items came back after `time`.
    pub fn learn(&mut self, batch: &Batch, done: usize, time: Duration) {
        let sent = batch.items.len().div_ceil(batch.job.chunk());
        self.chunks = match done < batch.items.len() {
            true => (done / batch.job.chunk()).max(1),
            false if batch.cut => sent,
            false if time < GROW => self.chunks(batch.sequence).max(sent).saturating_mul(2),
            false => self.chunks(batch.sequence),
        };
        self.sequence = batch.sequence;
    }
}

#[cfg(test)]
mod tests;
