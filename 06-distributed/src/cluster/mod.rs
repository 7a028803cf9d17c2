//! Many machines: the same program as scheduler, as executors, and as the client that gives them a job.
//!
//! Apache DataFusion Ballista does what a cluster needs: it splits a query into stages, hands their
//! tasks to executors, moves rows between them (the shuffle), and runs again what a dead executor
//! had. Ours are the functions that it calls, and the settings: those in `session` and `scheduler` were
//! found by killing executors, and the README says how.
//!
//! From the ground up: how all talk to each other (`session`), what tasks call (`functions`), a job as its client sees
//! it (`attempt`, `job`), on which cluster it runs (`own`), what the examples ask (`numbers`, `words`); and the roles
//! beside the client.

mod attempt;
mod end;
mod executor;
mod functions;
mod heartbeat;
mod job;
mod local;
pub mod numbers;
mod own;
mod scheduler;
mod scratch;
mod session;
pub mod words;

use anyhow::Result;
use tracing::info_span;

pub use self::own::Cluster;

/// A cluster's parts, each a program of its own.
#[derive(clap::Subcommand)]
pub enum Role {
    Scheduler(scheduler::Args),
    Executor(executor::Args),
    Cluster(local::Args),
}

impl Role {
    pub const NAMES: &[&str] = &["scheduler", "executor", "cluster"];

    pub fn run(self) -> Result<()> {
        // Which process is which, for who records a run; not around it, or its tasks would count as work of this thread.
        match self {
            Self::Scheduler(args) => {
                info_span!("scheduler").in_scope(|| ());
                scheduler::run(args)
            }
            Self::Executor(args) => {
                info_span!("executor").in_scope(|| ());
                executor::run(args)
            }
            Self::Cluster(args) => {
                info_span!("cluster").in_scope(|| ());
                local::run(args)
            }
        }
    }
}
