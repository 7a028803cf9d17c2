//! That an executor lives, told to the scheduler.

use std::{convert::Infallible, time::Duration};

use ballista_core::serde::protobuf::{
    ExecutorRegistration, ExecutorStatus, HeartBeatParams, executor_status::Status,
    scheduler_grpc_client::SchedulerGrpcClient,
};
use tokio::time;
use tonic::transport::Channel;

/// How often: a task that takes long keeps an executor from asking for work.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// Says for ever that it lives, and to the reader when nobody hears it.
pub async fn beat(
    mut scheduler: SchedulerGrpcClient<Channel>,
    registration: &ExecutorRegistration,
    address: &str,
) -> Infallible {
    let mut heard = true;
    loop {
        time::sleep(HEARTBEAT).await;
        let status = ExecutorStatus { status: Some(Status::Active(String::new())) };
        let beat = HeartBeatParams {
            executor_id: registration.id.clone(),
            metrics: vec![],
            status: Some(status),
            metadata: Some(registration.clone()),
        };
        let answer = scheduler.heart_beat_from_executor(beat).await;
        if answer.is_ok() != heard {
            heard = answer.is_ok();
            let state = if heard { "answers again" } else { "does not answer; waiting for it" };
            eprintln!("the scheduler at df://{address} {state}");
        }
    }
}
