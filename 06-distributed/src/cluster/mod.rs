//! Many machines: the same program as scheduler, as executors, and as the client that gives them a job.
//!
//! Apache DataFusion Ballista does what a cluster needs: it splits a query into stages, hands their
//! tasks to executors, moves rows between them (the shuffle), and runs again what a dead executor
//! had. Ours are the functions that it calls, and the settings: those here and in [`scheduler`] were
//! found by killing executors, and the README says how.

mod bag;
pub mod executor;
mod functions;
mod job;
pub mod local;
pub mod scheduler;
mod scratch;
mod word_count;

use std::{io, sync::Arc, thread, time::Duration};

use anyhow::{Context, Result, anyhow};
use ballista_core::{
    extension::SessionConfigExt, serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient,
    utils::create_grpc_client_endpoint,
};
use datafusion::prelude::SessionConfig;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};
use tonic::transport::{Channel, Endpoint};

pub use self::{bag::sum_of_squares, word_count::count};

/// The largest message, in bytes; a plan has about a hundred for each chunk.
const MESSAGE: usize = 64 << 20;

/// When a role ends: at Ctrl-C, at SIGTERM, or as asked here.
#[derive(clap::Args)]
pub struct End {
    /// End when standard input ends, for a program that starts this one and may be killed
    #[arg(long)]
    until_eof: bool,
}

impl End {
    /// Waits for it.
    async fn wait(&self) -> Result<()> {
        let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?;
        let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
        let (at_eof, eof) = oneshot::channel();
        if self.until_eof {
            // A thread of its own, which nothing waits for: a read cannot be cancelled.
            thread::spawn(|| {
                let _ = io::copy(&mut io::stdin(), &mut io::sink());
                let _ = at_eof.send(());
            });
        }
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            Ok(()) = eof => {}
        }
        Ok(())
    }
}

/// The settings that all roles share.
fn session() -> SessionConfig {
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
fn alert(endpoint: Endpoint) -> Endpoint {
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
async fn connect(address: &str) -> Result<SchedulerGrpcClient<Channel>> {
    let url = format!("http://{address}");
    let endpoint = create_grpc_client_endpoint(url, None);
    let endpoint = alert(endpoint.with_context(|| format!("df://{address} is no address"))?);
    let channel = endpoint.connect().await.map_err(root).with_context(|| {
        format!(
            "no scheduler answers at df://{address}; start one with `-- scheduler` or `-- cluster`"
        )
    })?;
    Ok(SchedulerGrpcClient::new(channel)
        .max_encoding_message_size(MESSAGE)
        .max_decoding_message_size(MESSAGE))
}

/// What went wrong at the root of an error that has layers of transport around it.
fn root(error: impl std::error::Error) -> anyhow::Error {
    let mut root: &dyn std::error::Error = &error;
    while let Some(source) = root.source() {
        root = source;
    }
    anyhow!("{root}")
}
