//! Many transfers: some at once, each failure by name, and the others complete.

use std::{collections::HashSet, sync::Arc, thread};

use anyhow::{Context, Result, ensure};
use lab::{Interrupted, Misuse, ctrl_c, threads};
use tokio::{
    runtime::Runtime,
    select,
    signal::unix::{SignalKind, signal},
    task::JoinSet,
};

use crate::s3::{S3, Transfers};

/// Does `work` for all jobs, some at once, on the cores that there are, and says at the end which are complete. One
/// that fails is reported, and the others go on. Ctrl-C ends those under way and starts no more; a second one ends the
/// program at once.
pub fn transfer<J, F>(
    args: Transfers,
    what: &str,
    jobs: Vec<J>,
    work: fn(Arc<S3>, J) -> F,
) -> Result<()>
where
    F: Future<Output = Result<String>> + Send + 'static,
{
    let (at_once, total) = (args.concurrency.into(), jobs.len());
    let s3 = Arc::new(S3::new(args)?);
    let cores = thread::available_parallelism()?.get();
    threads::can_start(cores + 1).with_context(|| format!("cannot start {} threads", cores + 1))?;
    let runtime = Runtime::new()?;
    let completed = runtime.block_on(async {
        let listening = ctrl_c::end_at_the_second().and_then(|()| signal(SignalKind::interrupt()));
        let mut ctrl_c = listening.context("cannot listen for Ctrl-C")?;
        let (mut jobs, mut transfers) = (jobs.into_iter(), JoinSet::new());
        let mut completed = Vec::new();
        loop {
            let interrupted = *s3.interrupted.borrow();
            while !interrupted
                && transfers.len() < at_once
                && let Some(job) = jobs.next()
            {
                transfers.spawn(work(Arc::clone(&s3), job));
            }
            select! {
                done = transfers.join_next() => {
                    let Some(done) = done else { break };
                    match done.map_err(Into::into).flatten() {
                        Ok(name) => completed.push(name),
                        Err(error) => s3.progress.suspend(|| eprintln!("{error:#}")),
                    }
                }
                _ = ctrl_c.recv() => {
                    s3.interrupted.send_replace(true);
                }
            }
        }
        anyhow::Ok(completed)
    });
    // Not waiting for what Ctrl-C left behind on a thread, such as the search for a host.
    runtime.shutdown_background();
    let completed = completed?;
    s3.progress.finish_and_clear();
    for name in &completed {
        println!("Completed {what}: {name}");
    }
    let failed = total - completed.len();
    let failures = || format!("{failed} of {total} {what}s failed");
    if failed > 0 && *s3.interrupted.borrow() {
        return Err(Interrupted).with_context(failures);
    }
    ensure!(failed == 0, failures());
    Ok(())
}

/// The last part of a key or path, which is what the other side's name is made of; no two the same.
pub fn distinct_names(paths: &[String]) -> Result<Vec<&str>> {
    let (mut names, mut seen) = (Vec::new(), HashSet::new());
    for path in paths {
        let name = path.rsplit('/').next().unwrap_or_default();
        if name.is_empty() {
            return Err(Misuse(format!("{path:?} has no name after its last slash")).into());
        }
        if !seen.insert(name) {
            let reason = format!("two names end in {name}: one would replace the other");
            return Err(Misuse(reason).into());
        }
        names.push(name);
    }
    Ok(names)
}
