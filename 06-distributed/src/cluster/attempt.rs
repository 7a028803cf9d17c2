//! One attempt at a job: its plan is given to the scheduler, and its result is fetched.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use anyhow::{Context, Error, Result, anyhow, bail};
use ballista_core::{
    client::BallistaClient,
    extension::{BallistaConfigGrpcEndpoint, SessionConfigHelperExt},
    ids::new_instance_id,
    serde::protobuf::{
        CleanJobDataParams, ExecuteQueryParams, GetJobStatusParams, PartitionLocation,
        RemoveSessionParams, execute_query_params::Query, execute_query_result, job_status::Status,
    },
    version::insert_version_header,
};
use datafusion::{arrow::array::RecordBatch, physical_plan::common::collect};
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};

use super::{
    functions,
    session::{MESSAGE, Scheduler, alert, connect, session},
};

/// How often the scheduler is asked.
const INTERVAL: Duration = Duration::from_millis(20);
/// How long the scheduler has to answer where nothing depends on it.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// Why there is no result: `Lost` if another attempt may bring it.
pub enum Failure {
    Lost(Error),
    Final(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

/// A job at the scheduler.
#[derive(Clone)]
pub struct Job {
    pub id: String,
    pub session: String,
}

/// Gives the plan to the scheduler, waits, and fetches the result. `current` is to be the job as soon as it has a number.
pub async fn execute(
    address: &str,
    plan: &[u8],
    current: &mut Option<oneshot::Receiver<Job>>,
) -> Result<Vec<RecordBatch>, Failure> {
    let mut scheduler = connect(address).await?;
    let (number, known) = oneshot::channel();
    *current = Some(known);
    // A task of its own: whoever waits no more still needs the number, to cancel what was given away.
    let submitted =
        tokio::spawn(submit(scheduler.clone(), address.to_owned(), plan.to_vec(), number));
    let Job { id, session: session_id } =
        submitted.await.context("the job was not given to the scheduler")??;
    let parts = loop {
        let status = scheduler.get_job_status(GetJobStatusParams { job_id: id.clone() }).await;
        let status = status.map_err(lab::root_cause);
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

/// Gives the plan to the scheduler, and tells the job's number to both who asked.
async fn submit(
    mut scheduler: Scheduler,
    address: String,
    plan: Vec<u8>,
    number: oneshot::Sender<Job>,
) -> Result<Job> {
    let session = new_instance_id();
    let mut query = tonic::Request::new(ExecuteQueryParams {
        session_id: session.clone(),
        settings: self::session().to_key_value_pairs(),
        operation_id: new_instance_id(),
        query: Some(Query::PhysicalPlan(plan)),
    });
    insert_version_header(query.metadata_mut());
    let answer = scheduler.execute_query(query).await.map_err(lab::root_cause);
    let answer = answer.with_context(|| format!("the scheduler at df://{address} took no job"))?;
    match answer.into_inner().result {
        Some(execute_query_result::Result::Success(it)) => {
            let job = Job { id: it.job_id, session };
            let _ = number.send(job.clone());
            Ok(job)
        }
        other => bail!("the scheduler at df://{address} took no job: {other:?}"),
    }
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
