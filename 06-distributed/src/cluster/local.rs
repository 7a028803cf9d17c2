//! A whole cluster on this machine: the same program again, as scheduler and as executors.

use std::{env, pin::pin, process::Stdio, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{ChildStdin, Command},
    runtime::Runtime,
    task::JoinSet,
    time::timeout,
};

use super::{end::End, scratch};

/// More than the roles need for their own end.
const PATIENCE: Duration = Duration::from_secs(8);

/// Start a scheduler and executors on this machine, for trying
#[derive(clap::Args)]
pub struct Args {
    /// Executors, each a process
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u16).range(1..=100))]
    executors: u16,
    /// Tasks at once in each
    #[arg(long, default_value = "1", value_parser = clap::value_parser!(u16).range(1..=1000))]
    slots: u16,
    /// The scheduler's port; 0 takes a free one
    #[arg(long, default_value = "50050")]
    port: u16,
    #[command(flatten)]
    end: End,
}

pub fn run(args: Args) -> Result<()> {
    Runtime::new()?.block_on(async {
        let mut roles = Roles::default();
        let done = roles.watch(&args).await;
        // The roles end when their standard input does: also if this process is killed.
        roles.stdins.clear();
        let _ =
            timeout(PATIENCE, async { while roles.running.join_next().await.is_some() {} }).await;
        done
    })
}

#[derive(Default)]
struct Roles {
    running: JoinSet<Result<Ended>>,
    stdins: Vec<ChildStdin>,
}

struct Ended {
    role: &'static str,
    what: String,
}

impl Roles {
    async fn watch(&mut self, args: &Args) -> Result<()> {
        let scheduler = self.start("scheduler", &["--port", &args.port.to_string()]).await?;
        let (_, address) =
            scheduler.rsplit_once("df://").context("the scheduler has no address")?;
        for _ in 0..args.executors {
            let slots = args.slots.to_string();
            self.start("executor", &["--scheduler", address, "--slots", &slots]).await?;
        }
        println!("cluster of {} executors at df://{address}; Ctrl-C ends it", args.executors);
        let mut executors = args.executors;
        let mut end = pin!(args.end.wait());
        loop {
            let ended = tokio::select! {
                end = &mut end => return end,
                Some(ended) = self.running.join_next() => ended??,
            };
            ensure!(ended.role == "executor", "{}", ended.what);
            eprintln!("{}", ended.what);
            scratch::sweep();
            executors -= 1;
            ensure!(executors > 0, "no executor is left");
        }
    }

    /// Starts a role, and returns what it says once it is there.
    async fn start(&mut self, role: &'static str, args: &[&str]) -> Result<String> {
        let program = env::current_exe().context("cannot find this program's file")?;
        let mut child = Command::new(program)
            .arg(role)
            .args(args)
            .arg("--until-eof")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C at the terminal goes to us, and we end them.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start the {role}"))?;
        self.stdins.extend(child.stdin.take());
        let pid = child.id().unwrap_or_default();
        let stdout = child.stdout.take().context("it has no output")?;
        let Some(line) = BufReader::new(stdout).lines().next_line().await? else {
            bail!("the {role} did not start");
        };
        println!("{line}, pid {pid}");
        self.running.spawn(async move {
            let status = child.wait().await?;
            Ok(Ended { role, what: format!("{role} with pid {pid} ended: {status}") })
        });
        Ok(line)
    }
}
