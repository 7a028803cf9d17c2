//! An executor: asks the scheduler for tasks, runs them, and keeps what they wrote for others to fetch.

use std::{net::IpAddr, sync::Arc, thread::available_parallelism, time::Duration};

use anyhow::{Context, Result, anyhow};
use arrow_flight::flight_service_server::FlightServiceServer;
use ballista_core::{
    BALLISTA_PROTOCOL_VERSION,
    ids::new_instance_id,
    registry::BallistaFunctionRegistry,
    serde::{
        BallistaCodec,
        protobuf::{ExecutorRegistration, ExecutorStoppedParams},
        scheduler::{ExecutorOperatingSystemSpecification, ExecutorSpecification},
    },
    utils::{GrpcServerConfig, create_grpc_server},
};
use ballista_executor::{
    execution_loop::poll_loop,
    executor::{Executor, TasksDrainedFuture},
    flight_service::BallistaFlightService,
    health::ExecutorHealth,
};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Runtime,
    time::timeout,
};
use tonic::transport::server::TcpIncoming;

use super::{
    end::End,
    functions, heartbeat,
    scratch::Scratch,
    session::{MESSAGE, connect, session},
};
use crate::on;

/// How long it waits at its end, for the scheduler's answer, and for its tasks to end.
const PATIENCE: Duration = Duration::from_secs(2);

/// Run the tasks that a scheduler gives
#[derive(clap::Args)]
pub struct Args {
    /// The scheduler's address
    #[arg(long, value_name = "HOST:PORT", value_parser = on::address)]
    scheduler: String,
    /// Tasks at once [default: the cores that there are]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    slots: Option<u16>,
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value = "0")]
    port: u16,
    /// The host's name or address for others [default: that from which it reaches the scheduler]
    #[arg(long, value_name = "HOST")]
    advertise: Option<String>,
    /// Address to listen on; 0.0.0.0 for a cluster of several hosts
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    #[command(flatten)]
    end: End,
}

pub fn run(args: Args) -> Result<()> {
    let scratch = Scratch::new()?;
    let runtime = Runtime::new()?;
    let done = runtime.block_on(serve(&args, &scratch));
    runtime.shutdown_background();
    done
}

async fn serve(args: &Args, scratch: &Scratch) -> Result<()> {
    let scheduler = connect(&args.scheduler).await?;
    let listener = TcpListener::bind((args.bind, args.port)).await;
    let listener =
        listener.with_context(|| format!("cannot listen on {}:{}", args.bind, args.port))?;
    let port = listener.local_addr()?.port();
    let host = match &args.advertise {
        Some(host) => host.clone(),
        None => own_host(&args.scheduler).await?,
    };
    let slots = match args.slots {
        Some(slots) => slots.into(),
        None => available_parallelism()?.get(),
    };
    let name = functions::EXECUTOR.get_or_init(|| format!("{host}:{port}"));
    let registration = ExecutorRegistration {
        id: new_instance_id(),
        host: Some(host),
        port: port.into(),
        grpc_port: port.into(),
        specification: Some(ExecutorSpecification::default().with_vcores(slots as u32).into()),
        os_info: Some(ExecutorOperatingSystemSpecification::default().into()),
        ballista_protocol_version: BALLISTA_PROTOCOL_VERSION,
    };
    let work_dir = scratch.path().to_str().context("the folder for scratch files is not UTF-8")?;
    let executor = Arc::new(new_executor(registration.clone(), work_dir, slots)?);

    let flight = FlightServiceServer::new(BallistaFlightService::new(work_dir.to_owned()))
        .max_encoding_message_size(MESSAGE)
        .max_decoding_message_size(MESSAGE);
    let files = tokio::spawn(
        create_grpc_server(&GrpcServerConfig::default())
            .add_service(flight)
            .serve_with_incoming(TcpIncoming::from(listener)),
    );
    let tasks = tokio::spawn(poll_loop::<LogicalPlanNode, PhysicalPlanNode, _>(
        scheduler.clone(),
        Arc::clone(&executor),
        BallistaCodec::default(),
        None,
        None,
        ExecutorHealth::new(),
    ));
    let asking = tasks.abort_handle();
    println!("executor {name} of df://{}, tasks at once: {slots}", args.scheduler);
    let done = tokio::select! {
        end = args.end.wait() => end,
        ended = tasks => Err(anyhow!("the executor takes no more tasks: {ended:?}")),
        ended = files => Err(anyhow!("the executor's files are not served any more: {ended:?}")),
        never = heartbeat::beat(scheduler.clone(), &registration, &args.scheduler) => match never {},
    };
    asking.abort();
    let reason = "it was asked to end".to_owned();
    let stopped = ExecutorStoppedParams { executor_id: registration.id, reason };
    let _ = timeout(PATIENCE, scheduler.clone().executor_stopped(stopped)).await;
    // So that no task writes into the scratch folder after it was removed.
    let _ = timeout(PATIENCE, TasksDrainedFuture(executor)).await;
    done
}

fn new_executor(
    registration: ExecutorRegistration,
    work_dir: &str,
    slots: usize,
) -> Result<Executor> {
    let mut functions = BallistaFunctionRegistry::default();
    for function in functions::all() {
        functions.scalar_functions.insert(function.name().to_owned(), function);
    }
    let runtime = RuntimeEnvBuilder::new().with_temp_file_path(work_dir).build_arc()?;
    Ok(Executor::with_default_execution_engine(
        registration,
        work_dir,
        Arc::new(move |_| Ok(Arc::clone(&runtime))),
        Arc::new(session),
        Arc::new(functions),
        Arc::new(ballista_executor::metrics::LoggingMetricsCollector::default()),
        slots,
    ))
}

/// The address from which this host reaches the scheduler, and so the one by which it is reached.
async fn own_host(scheduler: &str) -> Result<String> {
    let stream = TcpStream::connect(scheduler).await;
    Ok(stream
        .with_context(|| format!("cannot reach df://{scheduler}"))?
        .local_addr()?
        .ip()
        .to_string())
}
