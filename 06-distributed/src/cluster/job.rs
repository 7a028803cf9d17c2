//! The client's side: a query becomes a job, which is attempted until it is done, past its deadline, or cancelled.

use std::{io, sync::Arc, time::Duration};

use anyhow::{Error, Result, anyhow};
use ballista_core::serde::{
    BallistaPhysicalExtensionCodec,
    protobuf::{CancelJobParams, RemoveSessionParams},
};
use datafusion::{
    arrow::array::RecordBatch,
    datasource::MemTable,
    prelude::{DataFrame, SessionContext},
};
use datafusion_proto::bytes::physical_plan_to_bytes_with_extension_codec;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Runtime,
    signal::ctrl_c,
    sync::oneshot,
    time::{sleep, timeout},
};

use super::{
    attempt::{Failure, Job, PATIENCE, execute},
    session::{connect, session},
};

/// How often a job is given to the scheduler, when it fails through no fault of its own.
const ATTEMPTS: u32 = 3;
/// Parts that rows with the same key are gathered in, each a task.
const REDUCERS: usize = 8;
/// Tasks that a table is split into at most, so that the plan fits into a message.
const TASKS: usize = 4096;

/// Runs the query that `query` makes of a table of `rows`; each row, or a few, is a task.
///
/// # Errors
/// What a function of ours said; that there is no scheduler, or no more; that nothing came before the
/// deadline, in seconds; that executors were lost in every attempt.
pub fn run(
    address: &str,
    deadline: f64,
    rows: &RecordBatch,
    query: impl FnOnce(DataFrame) -> datafusion::error::Result<DataFrame>,
) -> Result<Vec<RecordBatch>> {
    Runtime::new()?.block_on(async {
        let context = SessionContext::new_with_config(session().with_target_partitions(REDUCERS));
        let rows_a_task = rows.num_rows().div_ceil(TASKS).max(1);
        let tasks = (0..rows.num_rows()).step_by(rows_a_task);
        let tasks = tasks.map(|row| vec![rows.slice(row, rows_a_task.min(rows.num_rows() - row))]);
        let table = MemTable::try_new(rows.schema(), tasks.collect())?;
        let plan = query(context.read_table(Arc::new(table))?)?.create_physical_plan().await?;
        let codec = BallistaPhysicalExtensionCodec::default();
        let plan = physical_plan_to_bytes_with_extension_codec(plan, &codec)?;

        let mut job = None;
        let error = tokio::select! {
            done = attempts(address, &plan, &mut job) => return done,
            error = past(address, deadline) => error,
            _ = ctrl_c() => lab::Interrupted.into(),
        };
        if let Some(job) = job {
            // It may have been given to the scheduler without its number having come back yet.
            let _ = timeout(PATIENCE, async { cancel(address, job.await?).await }).await;
        }
        Err(error)
    })
}

async fn attempts(
    address: &str,
    plan: &[u8],
    job: &mut Option<oneshot::Receiver<Job>>,
) -> Result<Vec<RecordBatch>> {
    let mut attempt = 1;
    loop {
        match execute(address, plan, job).await {
            Ok(batches) => return Ok(batches),
            Err(Failure::Lost(error)) if attempt < ATTEMPTS => {
                attempt += 1;
                eprintln!("{error:#}; attempt {attempt} of {ATTEMPTS}");
            }
            Err(Failure::Lost(error) | Failure::Final(error)) => return Err(error),
        }
    }
}

/// Waits for the deadline, and says what is known then.
async fn past(address: &str, deadline: f64) -> Error {
    sleep(Duration::from_secs_f64(deadline)).await;
    let why = match timeout(PATIENCE, has_executors(address)).await {
        Ok(Ok(true)) => "its executors have not finished",
        Ok(Ok(false)) => "it has no executors; start some with `-- executor --scheduler HOST:PORT`",
        Ok(Err(_)) | Err(_) => "the scheduler does not answer",
    };
    anyhow!("no result from df://{address} within {deadline} s: {why}")
}

/// What the scheduler says of itself to whoever watches it.
async fn has_executors(address: &str) -> io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /readyz HTTP/1.0\r\n\r\n").await?;
    let mut answer = vec![];
    stream.read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.0 200") || answer.starts_with(b"HTTP/1.1 200"))
}

async fn cancel(address: &str, job: Job) -> Result<()> {
    let mut scheduler = connect(address).await?;
    scheduler.cancel_job(CancelJobParams { job_id: job.id }).await?;
    scheduler.remove_session(RemoveSessionParams { session_id: job.session }).await?;
    Ok(())
}
