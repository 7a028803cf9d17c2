//! Runs a program as it is, many times, and counts how often it went wrong.

use std::{
    panic,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use anyhow::{Context, Result};

use crate::panics::{message, quietly};

/// Who has not ended after so long, where a run takes microseconds, waits for ever.
const LIMIT: Duration = Duration::from_secs(2);
/// Each costs the whole limit, and its threads are there until the program ends.
const ENOUGH_DEADLOCKS: usize = 3;

/// How the runs went.
#[derive(Default)]
pub struct Count {
    pub runs: usize,
    pub wrong: usize,
    pub deadlocks: usize,
    /// What the last that went wrong said.
    pub why: String,
}

/// Runs it so many times, or until it has been in a few deadlocks.
///
/// # Errors
/// If no thread can be started.
pub fn run(program: fn(), times: usize) -> Result<Count> {
    quietly(|| {
        let mut count = Count::default();
        while count.runs < times && count.deadlocks < ENOUGH_DEADLOCKS {
            count.runs += 1;
            let (ended, end) = mpsc::channel();
            let run = move || ended.send(panic::catch_unwind(program));
            let thread = thread::Builder::new().spawn(run).context("cannot start a thread")?;
            match end.recv_timeout(LIMIT) {
                Ok(Ok(())) => {}
                Ok(Err(panic)) => {
                    count.wrong += 1;
                    count.why = message(&*panic);
                }
                Err(RecvTimeoutError::Timeout) => {
                    count.deadlocks += 1;
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => unreachable!("it sends before it ends"),
            }
            thread.join().expect("its panics are caught").ok();
        }
        Ok(count)
    })
}

/// The line that says how they went.
pub fn sentence(count: &Count) -> String {
    let &Count { runs, wrong, deadlocks, ref why } = count;
    let mut said = Vec::new();
    if wrong > 0 {
        said.push(format!("{wrong} of {runs} runs went wrong: {why}"));
    }
    if deadlocks > 0 {
        let seconds = LIMIT.as_secs();
        said.push(format!(
            "{deadlocks} of {runs} runs had not ended after {seconds} s: a deadlock"
        ));
    }
    if deadlocks == ENOUGH_DEADLOCKS {
        said.push("no more were run".into());
    }
    if said.is_empty() { format!("none of {runs} runs went wrong") } else { said.join("; ") }
}
