//! Every kind of work in every model.

mod work;

use std::{io::Write, thread};

use anyhow::{Context, Result, anyhow};
use futures_util::future::try_join_all;
use multiprocessing::{Pool, Tasks};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use work::{FILE_SIZE, Work, url};

use super::{Args, timed};

type Model = (&'static str, fn(&Work, u16) -> Result<()>);

const MODELS: [Model; 5] = [
    ("sequential", sequential),
    ("threads", threads),
    ("processes", processes),
    ("async", tasks),
    ("rayon", rayon),
];

pub fn register(tasks: &mut Tasks) {
    tasks.pool(in_a_process);
}

pub fn run(args: &Args) -> Result<()> {
    let mut file = tempfile::NamedTempFile::new().context("cannot make a temporary file")?;
    file.write_all(&vec![b'x'; FILE_SIZE]).context("cannot fill a temporary file")?;
    let page = url("lab:python.org")?;
    let works = [
        ("wait", Work::Wait(lab::seconds(args.wait))),
        ("network", Work::Network(page.into())),
        ("file", Work::File(file.path().into())),
        ("computation", Work::Computation(args.additions)),
    ];
    println!("Seconds for {} tasks, starts included:", args.tasks);
    print!("{:<12}", "");
    MODELS.iter().for_each(|(model, _)| print!("{model:>12}"));
    println!("  best");
    for (name, work) in works {
        print!("{name:<12}");
        let mut best = (f64::INFINITY, "");
        for (model, run) in MODELS {
            let seconds = timed(|| run(&work, args.tasks))
                .with_context(|| format!("{name} in {model}"))?
                .as_secs_f64();
            print!("{seconds:>12.3}");
            if seconds < best.0 {
                best = (seconds, model);
            }
        }
        println!("  {}", best.1);
    }
    Ok(())
}

fn sequential(work: &Work, tasks: u16) -> Result<()> {
    (0..tasks).try_for_each(|_| work.blocking())
}

fn threads(work: &Work, tasks: u16) -> Result<()> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..tasks).map(|_| scope.spawn(|| work.blocking())).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, Result<()>>| thread.join();
        threads.into_iter().try_for_each(|it| join(it).map_err(|_| anyhow!("a panic"))?)
    })
}

fn processes(work: &Work, tasks: u16) -> Result<()> {
    let pool = Pool::new(tasks.into())?;
    let results = pool.map_chunked(in_a_process, (0..tasks).map(|_| work.clone()), 1)?;
    results.into_iter().try_for_each(|result| result.map_err(anyhow::Error::msg))?;
    Ok(pool.join()?)
}

/// Its error is text, because only data can cross between processes.
#[expect(clippy::needless_pass_by_value, reason = "what a process gets is its own")]
fn in_a_process(work: Work) -> Result<(), String> {
    work.blocking().map_err(|error| format!("{error:#}"))
}

fn tasks(work: &Work, tasks: u16) -> Result<()> {
    lab::event_loop::run(async {
        let client = reqwest::Client::new();
        try_join_all((0..tasks).map(|_| work.awaiting(&client))).await?;
        Ok(())
    })
}

fn rayon(work: &Work, tasks: u16) -> Result<()> {
    (0..tasks).into_par_iter().try_for_each(|_| work.blocking())
}
