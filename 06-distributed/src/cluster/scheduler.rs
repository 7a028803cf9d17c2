//! The scheduler: takes jobs from clients and gives their tasks to executors.

use std::{net::IpAddr, sync::Arc};

use anyhow::{Context, Result, anyhow};
use ballista_core::{config::TaskSchedulingPolicy, utils::default_session_builder};
use ballista_scheduler::{
    cluster::BallistaCluster,
    config::SchedulerConfig,
    scheduler_process::{create_scheduler, start_grpc_service_with_listener},
};
use datafusion::execution::FunctionRegistry;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tokio::{net::TcpListener, runtime::Runtime};

use super::{
    end::End,
    functions,
    session::{MESSAGE, session},
};

/// Take jobs, and give their tasks to the executors that ask for work
#[derive(clap::Args)]
pub struct Args {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value = "50050")]
    port: u16,
    /// Address to listen on; 0.0.0.0 for a cluster of several hosts
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    #[command(flatten)]
    end: End,
}

pub fn run(args: Args) -> Result<()> {
    let runtime = Runtime::new()?;
    let done = runtime.block_on(async {
        tokio::select! {
            served = serve(&args) => served,
            end = args.end.wait() => end,
        }
    });
    runtime.shutdown_background();
    done
}

async fn serve(args: &Args) -> Result<()> {
    let (host, port) = (args.bind, args.port);
    let listener = TcpListener::bind((host, port));
    let listener = listener.await.with_context(|| format!("cannot listen on {host}:{port}"))?;
    let address = listener.local_addr()?;
    let config = SchedulerConfig {
        // Executors ask for tasks: one that is dead does not ask, so it gets none.
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        // They also say each second that they live; what was given to one that is silent for so many
        // seconds is given to others.
        executor_timeout_seconds: 5,
        expire_dead_executor_interval_seconds: 1,
        no_executors_grace_period_seconds: 5,
        // Seconds after which executors may drop a result that nobody fetched.
        finished_job_data_clean_up_interval_seconds: 60,
        finished_job_state_clean_up_interval_seconds: 120,
        grpc_server_max_decoding_message_size: MESSAGE as u32,
        grpc_server_max_encoding_message_size: MESSAGE as u32,
        override_config_producer: Some(Arc::new(session)),
        override_session_builder: Some(Arc::new(|config| {
            let mut state = default_session_builder(config)?;
            for function in functions::all() {
                state.register_udf(function)?;
            }
            Ok(state)
        })),
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await?;
    let scheduler =
        create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config)).await?;
    println!("scheduler at df://{address}");
    start_grpc_service_with_listener(listener, scheduler).await.map_err(|error| anyhow!(error))
}
