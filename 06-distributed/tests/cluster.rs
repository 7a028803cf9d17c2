//! The cluster: same answer as threads, also when its processes are killed.
//!
//! Every process has a hard time limit and is ended by its id; every scratch file is in a folder of
//! the test's own, which is empty at the end.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{self, Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::{
        atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tempfile::TempDir;
use tests::{LIMIT, wait_until};
use xtask::{
    child::Finished,
    soak::{Used, used},
};

/// A role in a process of its own. It ends when its standard input does, so when this is dropped.
struct Role {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Role {
    fn start(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
        let (line, lines) = mpsc::channel();
        send_lines(child.stdout.take().context("no output")?, line.clone());
        send_lines(child.stderr.take().context("no errors")?, line);
        Ok(Self { stdin: child.stdin.take(), child, lines })
    }

    /// The next line with that text in it, on either of its outputs.
    fn says(&self, text: &str) -> Result<String> {
        loop {
            let line = self.lines.recv_timeout(LIMIT);
            let line = line.with_context(|| format!("it does not say {text:?}"))?;
            if line.contains(text) {
                return Ok(line);
            }
        }
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed())
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        Ok(kill(self.pid(), signal)?)
    }

    /// Whether one of the scratch folders is its own, which it keeps open.
    fn holds_one_of(&self, folders: &[PathBuf]) -> bool {
        let files = entries(Path::new(&format!("/proc/{}/fd", self.child.id())));
        let mut files = files.iter().filter_map(|file| fs::read_link(file).ok());
        files.any(|file| folders.contains(&file))
    }

    fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.wait()?;
        Ok(())
    }

    fn wait(&mut self) -> Result<ExitStatus> {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            ensure!(begin.elapsed() < LIMIT, "it does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        drop(self.stdin.take());
        if self.wait().is_err() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

fn send_lines(stream: impl Read + Send + 'static, lines: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            // Nobody may be listening any more; what comes is read all the same.
            let _ = lines.send(line);
        }
    });
}

/// A scheduler and executors with a scratch folder of the test's own, and a text.
struct Cluster {
    executors: Vec<Role>,
    scheduler: Role,
    address: String,
    scratch: TempDir,
    text: TempDir,
}

impl Cluster {
    fn start(executors: usize) -> Result<Self> {
        let scratch = tempfile::tempdir()?;
        let scheduler = Role::start(role(scratch.path(), &["scheduler", "--port", "0"]))?;
        let line = scheduler.says("df://")?;
        let address = line[line.find("df://").context("no address")?..].to_owned();
        let mut cluster = Self { executors: vec![], scheduler, address, scratch, text: text()? };
        (0..executors).try_for_each(|_| cluster.add_executor())?;
        Ok(cluster)
    }

    fn add_executor(&mut self) -> Result<()> {
        let args = ["executor", "--slots", "1", "--scheduler", &self.address];
        let executor = Role::start(role(self.scratch.path(), &args))?;
        executor.says("executor")?;
        self.executors.push(executor);
        Ok(())
    }

    /// The word count of the text in so many tasks that there is time to kill.
    fn job(&self, args: &[&str]) -> Command {
        let mut command = word_count(self.text.path(), &["--on", &self.address]);
        command.args(args);
        command
    }

    /// What the job must print.
    fn answer(&self) -> Result<String> {
        Ok(succeeded(&mut word_count(self.text.path(), &["--on", "threads"]))?.stdout)
    }

    /// The scratch folders in which tasks of that stage have left a result. 1 is the map, 2 the reduce.
    fn wrote(&self, stage: &str) -> Vec<PathBuf> {
        let mut folders = entries(self.scratch.path());
        folders.retain(|folder| {
            let tasks = entries(folder).into_iter().flat_map(|job| entries(&job.join(stage)));
            tasks.into_iter().any(|task| !entries(&task).is_empty())
        });
        folders
    }

    /// Waits until an executor has done a task of that stage, and says which executor.
    fn wait_for_stage(&self, stage: &str) -> Result<usize> {
        let executor = || {
            let folders = self.wrote(stage);
            self.executors.iter().position(|role| role.holds_one_of(&folders))
        };
        wait_until(|| Ok(executor().is_some()))?;
        executor().context("its files are gone again")
    }

    /// Ends all processes, and checks that nothing is left.
    fn end(mut self) -> Result<()> {
        for role in self.executors.iter_mut().chain([&mut self.scheduler]) {
            drop(role.stdin.take());
            assert!(role.wait()?.success());
        }
        assert_eq!(entries(self.scratch.path()), [] as [PathBuf; 0]);
        Ok(())
    }
}

fn role(scratch: &Path, args: &[&str]) -> Command {
    let mut command = program();
    command.args(args).arg("--until-eof").env("TMPDIR", scratch);
    command
}

fn program() -> Command {
    // Under a shell's `&` SIGINT is ignored, and stays so in what is started from there.
    let mut command = Command::new("env");
    command.arg("--default-signal=INT").arg(env!("CARGO_BIN_EXE_lesson-06-distributed"));
    command.stdin(Stdio::null());
    command
}

fn word_count(text: &Path, args: &[&str]) -> Command {
    let mut command = program();
    command.arg("word-count").arg(text).args(["--chunk", "2048"]).args(args);
    command
}

/// A folder of text, some 400 KiB: 20 tasks of 16 chunks of 2 KiB, some words that are not UTF-8, an
/// empty file, and one that ends within a word.
fn text() -> Result<TempDir> {
    let folder = tempfile::tempdir()?;
    let mut text = b"caf\xe9 ".to_vec();
    let mut random = 1_u32;
    while text.len() < 400_000 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let word = (random >> 16).min((random >> 8) & 0x3fff);
        text.extend(format!("w{word}{}", if random >> 28 == 0 { '\n' } else { ' ' }).bytes());
    }
    fs::write(folder.path().join("a.txt"), text)?;
    fs::write(folder.path().join("b.txt"), "")?;
    fs::write(folder.path().join("c.txt"), "the end")?;
    Ok(folder)
}

/// The folders of jobs in the executors' folders.
fn jobs(scratch: &Path) -> Vec<PathBuf> {
    let mut jobs: Vec<_> = entries(scratch).iter().flat_map(|folder| entries(folder)).collect();
    jobs.retain(|job| job.join("1").exists());
    jobs
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    // It may be gone by now.
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn succeeded(command: &mut Command) -> Result<Finished> {
    let done = tests::run(command)?;
    assert!(done.status.success(), "{command:?}: {}{}", done.stdout, done.stderr);
    Ok(done)
}

/// Runs `command`, and `meanwhile` beside it.
fn run_while(mut command: Command, meanwhile: impl FnOnce() -> Result<()>) -> Result<Finished> {
    thread::scope(|scope| {
        let running = scope.spawn(|| tests::run(&mut command));
        meanwhile()?;
        running.join().expect("it does not panic")
    })
}

fn assert_fails(done: &Finished, text: &str) {
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert_eq!(done.stdout, "");
    assert!(done.stderr.starts_with("error: ") && done.stderr.contains(text), "{}", done.stderr);
}

#[test]
fn same_answer_as_threads() -> Result<()> {
    let cluster = Cluster::start(2)?;
    assert_eq!(succeeded(&mut cluster.job(&[]))?.stdout, cluster.answer()?);
    let largest = ["-2147483648"; 3];
    for numbers in [&[] as &[&str], &largest, &["--first", "1000000"]] {
        let bag =
            |on: &str| Ok(succeeded(program().args(["bag", "--on", on]).args(numbers))?.stdout);
        let on_threads: Result<String> = bag("threads");
        assert_eq!(bag(&cluster.address)?, on_threads?);
    }
    // Nothing stays on the executors' disks either.
    wait_until(|| Ok(cluster.wrote("2").is_empty()))?;
    cluster.end()
}

#[test]
fn a_cluster_of_its_own_ends_with_the_job() -> Result<()> {
    let (scratch, text) = (tempfile::tempdir()?, text()?);
    let own = ["--on", "cluster", "--workers", "2"];
    let mut job = word_count(text.path(), &own);
    let counted = succeeded(job.env("TMPDIR", scratch.path()))?.stdout;
    assert_eq!(counted, succeeded(&mut word_count(text.path(), &[]))?.stdout);
    assert_eq!(entries(scratch.path()), [] as [PathBuf; 0]);
    // Far more tasks than are done when the signal comes.
    let long = ["bag", "--first", "1000000000", "--on", "cluster"];
    for (signal, code) in [(Signal::SIGINT, Some(130)), (Signal::SIGKILL, None)] {
        let (started, client) = mpsc::channel();
        let mut job = program();
        job.args(long).env("TMPDIR", scratch.path());
        let done = thread::scope(|scope| {
            let running =
                scope.spawn(|| xtask::child::run(&mut job, LIMIT, |pid| _ = started.send(pid)));
            // A task has left a result.
            let client = client.recv()?;
            wait_until(|| Ok(!jobs(scratch.path()).is_empty()))?;
            kill(client, signal)?;
            running.join().expect("it does not panic")
        })?;
        assert_eq!((done.status.code(), &*done.stdout), (code, ""), "{done:?}");
        wait_until(|| Ok(entries(scratch.path()).is_empty()))?;
    }
    let cluster = Cluster::start(0)?;
    let done = tests::run(cluster.job(&[]).args(["--workers", "2"]))?;
    assert_eq!(done.status.code(), Some(2), "{done:?}");
    assert!(done.stderr.contains("--workers: the cluster at df://"), "{}", done.stderr);
    let done = tests::run(&mut word_count(text.path(), &["--on", "cluster", "--workers", "101"]))?;
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert!(done.stderr.contains("101") && done.stderr.contains("did not start"), "{done:?}");
    cluster.end()
}

#[test]
fn executors_killed_in_both_phases() -> Result<()> {
    let mut cluster = Cluster::start(3)?;
    let expected = cluster.answer()?;
    let job = cluster.job(&[]);
    let done = run_while(job, || {
        let victim = cluster.wait_for_stage("1")?;
        cluster.executors.remove(victim).kill()?;
        // What one has reduced stays, and all that the other has is missing for the rest of it.
        let other = 1 - cluster.wait_for_stage("2")?;
        cluster.executors.remove(other).kill()
    })?;
    assert!(done.status.success(), "{done:?}");
    assert_eq!(done.stdout, expected);
    // The next one runs on what is left, and on what comes.
    cluster.add_executor()?;
    assert_eq!(succeeded(&mut cluster.job(&[]))?.stdout, expected);
    cluster.end()
}

#[test]
fn ten_kills_at_different_moments() -> Result<()> {
    let mut cluster = Cluster::start(3)?;
    let expected = cluster.answer()?;
    let undisturbed = succeeded(&mut cluster.job(&[]))?.wall;
    let mut random = 7_u32;
    for kill in 0..10 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let moment = undisturbed.mul_f64(f64::from(random >> 8) / f64::from(1 << 24));
        let victim = &mut cluster.executors[kill % 3];
        let mut job = word_count(cluster.text.path(), &["--on", &cluster.address]);
        job.args(["--deadline", "60"]);
        let done = run_while(job, || {
            thread::sleep(moment);
            victim.kill()
        })?;
        if done.status.success() {
            assert_eq!(done.stdout, expected, "killed after {moment:?}");
        } else {
            assert_fails(&done, "within 60 s");
        }
        cluster.executors.remove(kill % 3);
        cluster.add_executor()?;
    }
    cluster.end()
}

/// The cluster's part of `cargo xtask soak`, for MINUTES, 10 where it is not set.
#[test]
#[ignore = "takes ten minutes"]
fn an_executor_lost_every_ten_seconds() -> Result<()> {
    let minutes = env::var("MINUTES").unwrap_or("10".into());
    let lose = minutes.parse::<f64>().map_or(0, |minutes| (minutes * 6.0) as u32);
    ensure!(lose > 0, "MINUTES={minutes:?} must be a number, 0.2 or more");
    let mut cluster = Cluster::start(3)?;
    let (expected, mut job) = (cluster.answer()?, cluster.job(&[]));
    let scheduler = cluster.scheduler.pid();
    let (over, jobs) = (AtomicBool::new(false), AtomicU32::new(0));
    let done = thread::scope(|scope| {
        let answers = scope.spawn(|| -> Result<()> {
            while !over.load(Relaxed) {
                assert_eq!(succeeded(&mut job)?.stdout, expected, "after {jobs:?} jobs");
                jobs.fetch_add(1, Relaxed);
            }
            Ok(())
        });
        let kills = (1..=lose).try_for_each(|lost| {
            thread::sleep(Duration::from_secs(10));
            ensure!(!answers.is_finished(), "a job failed");
            cluster.executors.remove(0).kill()?;
            cluster.add_executor()?;
            if lost % 6 == 0 {
                let Used { files, memory, .. } = used(scheduler);
                let (jobs, memory) = (jobs.load(Relaxed), memory >> 20);
                println!("{lost:>3} lost {jobs:>5} jobs, scheduler: {files} files {memory} MiB");
            }
            Ok(())
        });
        over.store(true, Relaxed);
        answers.join().expect("no answer is wrong").and(kills)
    });
    done?;
    cluster.end()
}

#[test]
fn an_executor_that_falls_silent() -> Result<()> {
    let mut cluster = Cluster::start(3)?;
    let expected = cluster.answer()?;
    let mut silent = 0;
    let done = run_while(cluster.job(&[]), || {
        silent = cluster.wait_for_stage("1")?;
        cluster.executors[silent].signal(Signal::SIGSTOP)
    })?;
    cluster.executors.remove(silent).kill()?;
    assert!(done.status.success(), "{done:?}");
    assert_eq!(done.stdout, expected);
    cluster.add_executor()?; // which sweeps the killed one's folder
    cluster.end()
}

#[test]
fn a_scheduler_that_goes_and_comes_back() -> Result<()> {
    let mut cluster = Cluster::start(2)?;
    let job = cluster.job(&[]);
    let done = run_while(job, || {
        cluster.wait_for_stage("1")?;
        cluster.scheduler.kill()
    })?;
    assert_fails(&done, &format!("lost the scheduler at {}", cluster.address));
    assert_fails(&tests::run(&mut cluster.job(&[]))?, "no scheduler answers at df://127.0.0.1:");
    for executor in &cluster.executors {
        executor.says("does not answer; waiting for it")?;
    }
    let (_, port) = cluster.address.rsplit_once(':').context("no port")?;
    cluster.scheduler = Role::start(role(cluster.scratch.path(), &["scheduler", "--port", port]))?;
    for executor in &cluster.executors {
        executor.says("answers again")?;
    }
    assert_eq!(succeeded(&mut cluster.job(&[]))?.stdout, cluster.answer()?);
    // What the lost job left goes with the executors.
    cluster.end()
}

#[test]
fn no_executors() -> Result<()> {
    let cluster = Cluster::start(0)?;
    let done = tests::run(&mut cluster.job(&["--deadline", "0.5"]))?;
    assert_fails(&done, "within 0.5 s: it has no executors");
    cluster.end()
}

#[test]
fn a_deadline_that_is_too_short() -> Result<()> {
    let cluster = Cluster::start(1)?;
    let expected = cluster.answer()?;
    assert_eq!(succeeded(&mut cluster.job(&[]))?.stdout, expected);
    // However fast the machine is, a stopped executor does not finish.
    cluster.executors[0].signal(Signal::SIGSTOP)?;
    let done = tests::run(&mut cluster.job(&["--deadline", "0.3"]))?;
    assert_fails(&done, "within 0.3 s: its executors have not finished");
    cluster.executors[0].signal(Signal::SIGCONT)?;
    assert_eq!(succeeded(&mut cluster.job(&[]))?.stdout, expected);
    cluster.end()
}

#[test]
fn ctrl_c_cancels_the_job() -> Result<()> {
    let cluster = Cluster::start(1)?;
    let (started, client) = mpsc::channel();
    let mut job = cluster.job(&[]);
    let done = thread::scope(|scope| {
        let running =
            scope.spawn(|| xtask::child::run(&mut job, LIMIT, |pid| _ = started.send(pid)));
        cluster.wait_for_stage("1")?;
        // Stopped, so that it cannot get ahead of the test.
        cluster.executors[0].signal(Signal::SIGSTOP)?;
        kill(client.recv()?, Signal::SIGINT)?;
        running.join().expect("it does not panic")
    })?;
    assert_eq!(done.status.code(), Some(130), "{done:?}");
    let [cancelled] = &jobs(cluster.scratch.path())[..] else { panic!("not one job") };
    let tasks = || entries(cancelled).iter().flat_map(|stage| entries(stage)).count();
    let (at_its_end, mut at_most) = (tasks(), 0);
    cluster.executors[0].signal(Signal::SIGCONT)?;
    let mut job = cluster.job(&[]);
    let done = thread::scope(|scope| {
        let next = scope.spawn(|| succeeded(&mut job));
        while !next.is_finished() {
            at_most = at_most.max(tasks());
            thread::sleep(Duration::from_millis(1));
        }
        next.join().expect("it does not panic")
    })?;
    assert_eq!(done.stdout, cluster.answer()?);
    // It may have had one in hand; for the rest of the 20 and more it was free.
    assert!(at_most <= at_its_end + 1, "{at_its_end} tasks, then {at_most}");
    cluster.end()
}

/// The client's working folder is not the executor's: by this path only the client finds the text.
#[test]
fn a_file_that_an_executor_does_not_have() -> Result<()> {
    let cluster = Cluster::start(1)?;
    let path = Path::new("/proc/self/cwd/a.txt");
    let mut job = word_count(path, &["--on", &cluster.address]);
    let done = tests::run(job.current_dir(cluster.text.path()))?;
    assert_fails(&done, "on executor 127.0.0.1:");
    assert_fails(&done, "cannot read /proc/self/cwd/a.txt: No such file or directory");
    assert!(!done.stderr.contains("attempt"), "it was tried again: {}", done.stderr);
    cluster.end()
}

#[test]
fn default_builds_have_none_of_it() -> Result<()> {
    let has_it = |args: &[&str]| -> Result<bool> {
        let mut command = xtask::cargo::command();
        command.args(["tree", "--package", "lesson-06-distributed", "--edges", "normal,build"]);
        let tree = succeeded(command.args(args))?.stdout;
        assert!(tree.contains("rayon"), "{tree}");
        Ok(tree.contains("ballista") || tree.contains("datafusion"))
    };
    assert!(!has_it(&[])?);
    assert!(has_it(&["--features", "ballista"])?);
    Ok(())
}

#[test]
fn addresses_that_are_none() -> Result<()> {
    for (role, option) in [("bag", "--on"), ("executor", "--scheduler")] {
        let done = tests::run(program().args([role, option, "df://host"]))?;
        assert_eq!(done.status.code(), Some(2), "{done:?}");
    }
    Ok(())
}

#[test]
fn roles_are_no_examples() -> Result<()> {
    assert_eq!(
        succeeded(program().arg("--list"))?.stdout,
        "bag\nmap-reduce\nword-count\nsharing\n"
    );
    let help = succeeded(program().arg("--help"))?.stdout;
    for role in ["scheduler", "executor", "cluster"] {
        assert!(help.contains(&format!("\n  {role} ")), "{help}");
    }
    Ok(())
}

#[test]
fn a_whole_cluster_by_one_command() -> Result<()> {
    let (scratch, text) = (tempfile::tempdir()?, text()?);
    for end in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGKILL] {
        let args = ["cluster", "--executors", "2", "--port", "0"];
        let mut cluster = Role::start(role(scratch.path(), &args))?;
        let executor = cluster.says("executor")?;
        let line = cluster.says("cluster of 2 executors at ")?;
        let address = line[line.find("df://").context("no address")?..].split(';').next();
        let mut job = word_count(text.path(), &["--on", address.context("no address")?]);
        let expected = succeeded(&mut word_count(text.path(), &[]))?.stdout;
        assert_eq!(succeeded(&mut job)?.stdout, expected);

        let (_, pid) = executor.rsplit_once("pid ").context("no pid")?;
        kill(Pid::from_raw(pid.parse()?), Signal::SIGKILL)?;
        cluster.says(&format!("executor with pid {pid} ended: signal: 9 (SIGKILL)"))?;
        assert_eq!(succeeded(&mut job)?.stdout, expected);

        cluster.signal(end)?;
        let status = cluster.wait()?;
        assert_eq!(status.success(), end != Signal::SIGKILL, "{status:?}");
        // After a SIGKILL the roles notice that they are alone.
        let value = scratch.path().to_str().context("a path that is not UTF-8")?;
        wait_until(|| Ok(tests::with_environment("TMPDIR", value)?.is_empty()))?;
        assert_eq!(entries(scratch.path()), [] as [PathBuf; 0]);
    }
    Ok(())
}

/// Hosts with addresses of their own: network namespaces, joined by a bridge in one more. Their names
/// are this process's alone, and all are removed when this is dropped.
struct Hosts {
    names: Vec<String>,
}

impl Hosts {
    /// None, with a word on why, where that is not allowed.
    fn new(count: u8) -> Result<Option<Self>> {
        let mut hosts = Self { names: vec![] };
        let bridge = match hosts.add() {
            Ok(bridge) => bridge,
            Err(error) => {
                println!("skipped, since network namespaces cannot be made here: {error:#}");
                return Ok(None);
            }
        };
        ip(&["-n", &bridge, "link", "add", "bridge", "type", "bridge"])?;
        ip(&["-n", &bridge, "link", "set", "bridge", "up"])?;
        for number in 1..=count {
            let (host, port) = (hosts.add()?, format!("port{number}"));
            let pair =
                ["link", "add", "eth0", "netns", &host, "type", "veth", "peer", "name", &port];
            ip(&[&pair[..], &["netns", &bridge]].concat())?;
            ip(&["-n", &bridge, "link", "set", &port, "master", "bridge", "up"])?;
            ip(&["-n", &host, "address", "add", &format!("10.77.0.{number}/24"), "dev", "eth0"])?;
            ip(&["-n", &host, "link", "set", "eth0", "up"])?;
            ip(&["-n", &host, "link", "set", "lo", "up"])?;
        }
        Ok(Some(hosts))
    }

    fn add(&mut self) -> Result<String> {
        let name = format!("lesson-06-{}-{}", process::id(), self.names.len());
        ip(&["netns", "add", &name])?;
        self.names.push(name.clone());
        Ok(name)
    }

    /// A command on one of them, counted from 1.
    fn on(&self, number: usize, command: &[&str]) -> Command {
        let mut ip = Command::new("ip");
        ip.args(["netns", "exec", &self.names[number]]).args(command).stdin(Stdio::null());
        ip
    }

    /// It is there, and cannot be reached any more: nobody hears from it, not even a refusal.
    fn cut_off(&self, number: usize) -> Result<()> {
        ip(&["-n", &self.names[0], "link", "set", &format!("port{number}"), "down"])
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        for name in &self.names {
            let _ = ip(&["netns", "delete", name]);
        }
    }
}

fn ip(args: &[&str]) -> Result<()> {
    let done = Command::new("ip").args(args).output().context("cannot start ip(8)")?;
    ensure!(done.status.success(), "ip {args:?}: {}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}

#[test]
fn three_hosts_with_addresses_of_their_own() -> Result<()> {
    const PROGRAM: &str = env!("CARGO_BIN_EXE_lesson-06-distributed");
    const CLUSTER: &str = "df://10.77.0.1:50050";
    const TEXT: &str = "s3://your-bucket-name/made/400000/text";
    let Some(hosts) = Hosts::new(3)? else { return Ok(()) };
    let scratch = tempfile::tempdir()?;
    let role = |host: usize, args: &[&str]| {
        let mut command = hosts.on(host, &[PROGRAM]);
        command.args(args).args(["--bind", "0.0.0.0", "--until-eof"]).env("TMPDIR", scratch.path());
        Role::start(command)
    };
    let executor = |host: usize| {
        let role = role(host, &["executor", "--slots", "1", "--scheduler", CLUSTER])?;
        role.says(&format!("executor 10.77.0.{host}:"))?;
        anyhow::Ok(role)
    };
    // The bucket is this program too, if it is started by that name; it ends as the roles do.
    let bucket = ["bash", "-c", "exec -a lab-bucket \"$@\"", "bash", PROGRAM, "10.77.0.1"];
    let bucket = Role::start(hosts.on(1, &bucket))?;
    let endpoint = bucket.says("http://10.77.0.1:")?;
    let scheduler = role(1, &["scheduler"])?;
    scheduler.says("df://")?;
    let executors = [executor(2)?, executor(3)?];

    let job = |on: &str| {
        let mut command = hosts.on(2, &[PROGRAM, "word-count", TEXT, "--chunk", "2048"]);
        command.args(["--on", on]).env("LAB_S3", &endpoint);
        command
    };
    let expected = succeeded(&mut job("threads"))?.stdout;
    assert_eq!(succeeded(&mut job(CLUSTER))?.stdout, expected);

    let before = jobs(scratch.path());
    let done = run_while(job(CLUSTER), || {
        wait_until(|| {
            let new = jobs(scratch.path()).into_iter().filter(|job| !before.contains(job));
            let folders: Vec<_> = new.filter_map(|job| Some(job.parent()?.to_owned())).collect();
            Ok(executors[1].holds_one_of(&folders))
        })?;
        hosts.cut_off(3)
    })?;
    assert!(done.status.success(), "{done:?}");
    assert_eq!(done.stdout, expected);
    Ok(())
}
