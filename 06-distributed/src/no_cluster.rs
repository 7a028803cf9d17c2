//! What stands for `cluster` in a program that was built without it.

use anyhow::{Context, Result, bail};

pub mod numbers {
    use anyhow::Result;

    pub fn register(_: fn(i32) -> i128) {}

    pub fn sum(at: Option<String>, _: fn(i32) -> i128, _: Vec<i32>) -> Result<i128> {
        super::cannot_run_on(at)
    }
}

pub mod words {
    use anyhow::Result;
    use counting::{Chunk, Summary};

    pub fn register() {}

    pub fn count(
        at: Option<String>,
        _: Option<usize>,
        _: f64,
        _: &[Chunk],
        _: usize,
    ) -> Result<Summary> {
        super::cannot_run_on(at)
    }
}

/// A cluster's parts, which this program does not have.
#[derive(clap::Subcommand)]
pub enum Role {
    /// The scheduler of a cluster
    Scheduler(Anything),
    /// An executor of a cluster
    Executor(Anything),
    /// A whole cluster on this machine
    Cluster(Anything),
}

#[derive(clap::Args)]
pub struct Anything {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _args: Vec<String>,
}

impl Role {
    pub const NAMES: &[&str] = &["scheduler", "executor", "cluster"];

    pub fn run(self) -> Result<()> {
        none()
    }
}

fn cannot_run_on<T>(at: Option<String>) -> Result<T> {
    let cluster = at.map_or("a cluster".into(), |address| format!("df://{address}"));
    none().with_context(|| format!("cannot run on {cluster}"))
}

/// Says how to get one that has it.
fn none<T>() -> Result<T> {
    bail!(
        "this program was built without the cluster; run it as \
         `cargo run --release -p lesson-06-distributed --features ballista -- …`"
    )
}
