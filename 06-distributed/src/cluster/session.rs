//! How the client, the scheduler and the executors talk to each other.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use ballista_core::{
    extension::SessionConfigExt, serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient,
    utils::create_grpc_client_endpoint,
};
use datafusion::prelude::SessionConfig;
use tonic::transport::{Channel, Endpoint};

/// The largest message, in bytes; a plan has about a hundred for each chunk.
pub const MESSAGE: usize = 64 << 20;

/// The scheduler, as its client sees it.
pub type Scheduler = SchedulerGrpcClient<Channel>;

/// The settings that all roles share.
pub fn session() -> SessionConfig {
    SessionConfig::new_with_ballista()
        // It changes stages under way, and a kill in the reduce phase then hangs for ever.
        .with_ballista_adaptive_query_planner(false)
        // What is lost with a task is one partition.
        .set_usize("ballista.scheduler.max_partitions_per_task", 1)
        // A dead executor does not come back. The sooner that is known, the sooner its tasks run anew.
        .set_usize("ballista.client.io_retries_times", 1)
        .set_usize("ballista.client.io_retry_wait_time_ms", 100)
        .set_usize("ballista.client.grpc_max_message_size", MESSAGE)
        .with_ballista_override_create_grpc_client_endpoint(Arc::new(|endpoint| {
            Ok(alert(endpoint))
        }))
}

/// A connection that notices in seconds that the other host is gone without a word.
pub fn alert(endpoint: Endpoint) -> Endpoint {
    endpoint
        .connect_timeout(Duration::from_secs(2))
        .http2_keep_alive_interval(Duration::from_secs(2))
        .keep_alive_timeout(Duration::from_secs(3))
        .keep_alive_while_idle(true)
}

/// A connection to the scheduler.
///
/// # Errors
/// If nobody listens there.
pub async fn connect(address: &str) -> Result<Scheduler> {
    let url = format!("http://{address}");
    let endpoint = create_grpc_client_endpoint(url, None);
    let endpoint = alert(endpoint.with_context(|| format!("df://{address} is no address"))?);
    let channel = endpoint.connect().await.map_err(lab::root_cause).with_context(|| {
        format!(
            "no scheduler answers at df://{address}; start one with `-- scheduler` or `-- cluster`"
        )
    })?;
    Ok(SchedulerGrpcClient::new(channel)
        .max_encoding_message_size(MESSAGE)
        .max_decoding_message_size(MESSAGE))
}
