//! The client's side: a query becomes a job of the scheduler, and its result is fetched.

use std::{collections::BTreeMap, io, sync::Arc, time::Duration};

use anyhow::{Context, Error, Result, anyhow};
use ballista_core::{
    client::BallistaClient,
    extension::{BallistaConfigGrpcEndpoint, SessionConfigHelperExt},
    ids::new_instance_id,
    serde::{
        BallistaPhysicalExtensionCodec,
        protobuf::{
            CancelJobParams, CleanJobDataParams, ExecuteQueryParams, GetJobStatusParams,
            PartitionLocation, RemoveSessionParams, execute_query_params::Query,
            execute_query_result, job_status::Status,
        },
    },
    version::insert_version_header,
};
use datafusion::{
    arrow::array::RecordBatch,
    datasource::MemTable,
    physical_plan::common::collect,
    prelude::{DataFrame, SessionContext},
};
use datafusion_proto::bytes::physical_plan_to_bytes_with_extension_codec;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Runtime,
    signal::ctrl_c,
    time::{sleep, timeout},
};

use super::{MESSAGE, alert, connect, functions, root, session};

/// How often a job is given to the scheduler, when it fails through no fault of its own.
const ATTEMPTS: u32 = 3;
/// Parts that rows with the same key are gathered in, each a task.
const REDUCERS: usize = 8;
/// Tasks that a table is split into at most, so that the plan fits into a message.
const TASKS: usize = 4096;
/// How often the scheduler is asked.
const INTERVAL: Duration = Duration::from_millis(20);
/// How long the scheduler has to answer where nothing depends on it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why there is no result: `Lost` if another attempt may bring it.
enum Failure {
    Lost(Error),
    Final(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

/// A job at the scheduler.
struct Job {
    id: String,
    session: String,
}

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
            let _ = timeout(PATIENCE, cancel(address, job)).await;
        }
        Err(error)
    })
}

async fn attempts(address: &str, plan: &[u8], job: &mut Option<Job>) -> Result<Vec<RecordBatch>> {
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

/// Gives the plan to the scheduler, waits, and fetches the result.
async fn execute(
    address: &str,
    plan: &[u8],
    current: &mut Option<Job>,
) -> Result<Vec<RecordBatch>, Failure> {
    let mut scheduler = connect(address).await?;
    let session_id = new_instance_id();
    let mut query = tonic::Request::new(ExecuteQueryParams {
        session_id: session_id.clone(),
        settings: session().to_key_value_pairs(),
        operation_id: new_instance_id(),
        query: Some(Query::PhysicalPlan(plan.to_vec())),
    });
    insert_version_header(query.metadata_mut());
    let answer = scheduler.execute_query(query).await.map_err(root);
    let answer = answer.with_context(|| format!("the scheduler at df://{address} took no job"))?;
    let id = match answer.into_inner().result {
        Some(execute_query_result::Result::Success(job)) => job.job_id,
        other => {
            return Err(anyhow!("the scheduler at df://{address} took no job: {other:?}").into());
        }
    };
    *current = Some(Job { id: id.clone(), session: session_id.clone() });
    let parts = loop {
        let status = scheduler.get_job_status(GetJobStatusParams { job_id: id.clone() }).await;
        let status = status.map_err(root);
        let status = status.with_context(|| format!("lost the scheduler at df://{address}"))?;
        match status.into_inner().status.and_then(|job| job.status) {
            Some(Status::Successful(job)) => break job.partition_location,
            Some(Status::Failed(job)) => {
                return Err(match functions::failed(&job.error) {
                    Some(error) => Failure::Final(anyhow!("{error}")),
                    None => Failure::Lost(anyhow!("the job failed: {}", job.error)),
                });
            }
            Some(Status::Queued(_) | Status::Running(_)) | None => sleep(INTERVAL).await,
        }
    };
    let mut batches = vec![];
    for part in once(parts) {
        batches.extend(fetch(part).await.map_err(Failure::Lost)?);
    }
    *current = None;
    let _ = timeout(PATIENCE, async {
        let _ = scheduler
            .clean_job_data(CleanJobDataParams { job_id: id, remove_stage_ids: vec![] })
            .await;
        let _ = scheduler.remove_session(RemoveSessionParams { session_id }).await;
    })
    .await;
    Ok(batches)
}

/// The parts of the result, each once. When an executor is lost in the last stage, Ballista 55.0.0 runs
/// all its tasks again and lists the results of both runs: every count in them would be doubled.
fn once(parts: Vec<PartitionLocation>) -> impl Iterator<Item = PartitionLocation> {
    let number = |part: &PartitionLocation| part.partition_id.as_ref().map(|id| id.partition_id);
    let latest: BTreeMap<_, _> = parts.into_iter().map(|part| (number(&part), part)).collect();
    latest.into_values()
}

/// A part of the result, from the executor that has it.
async fn fetch(part: PartitionLocation) -> Result<Vec<RecordBatch>> {
    let layout = part.layout();
    let executor = part.executor_meta.context("a part of the result is nowhere")?;
    let id = part.partition_id.context("a part of the result has no number")?;
    let (host, port) = (&*executor.host, executor.port as u16);
    let alert = BallistaConfigGrpcEndpoint::new(Arc::new(|endpoint| Ok(alert(endpoint))));
    async {
        let mut client =
            BallistaClient::try_new(host, port, MESSAGE, false, Some(Arc::new(alert)), 1, 0, 0, 0)
                .await?;
        let part =
            client.fetch_partition(&executor.id, &id.into(), part.file_id, layout, true).await?;
        anyhow::Ok(collect(part).await?)
    }
    .await
    .with_context(|| format!("cannot fetch the result from executor {host}:{port}"))
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
