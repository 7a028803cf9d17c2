//! The ways in which the grid has its tasks done.

use std::thread;

use anyhow::Result;
use futures_util::future::try_join_all;
use multiprocessing::Pool;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::work::{Work, in_a_process};

/// Does the work so many times.
type Model = fn(&Work, u16) -> Result<()>;

pub const MODELS: [(&str, Model); 5] = [
    ("sequential", sequential),
    ("threads", threads),
    ("processes", processes),
    ("async", tasks),
    ("rayon", rayon),
];

fn sequential(work: &Work, tasks: u16) -> Result<()> {
    (0..tasks).try_for_each(|_| work.blocking())
}

fn threads(work: &Work, tasks: u16) -> Result<()> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..tasks).map(|_| scope.spawn(|| work.blocking())).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("no work panics"))
    })
}

fn processes(work: &Work, tasks: u16) -> Result<()> {
    let pool = Pool::new(usize::from(tasks))?;
    for result in pool.map_chunked(in_a_process, vec![work.clone(); tasks.into()], 1)? {
        result.map_err(anyhow::Error::msg)?;
    }
    Ok(pool.join()?)
}

#[tokio::main(flavor = "current_thread")]
async fn tasks(work: &Work, tasks: u16) -> Result<()> {
    lab::tls::use_ring(); // a client asks for it when it is made
    let client = reqwest::Client::new();
    try_join_all((0..tasks).map(|_| work.awaiting(&client))).await?;
    Ok(())
}

fn rayon(work: &Work, tasks: u16) -> Result<()> {
    (0..tasks).into_par_iter().try_for_each(|_| work.blocking())
}
