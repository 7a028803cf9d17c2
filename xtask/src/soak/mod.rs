//! `cargo xtask soak`: much at once, again and again, and whether anything is lost or grows.

mod used;

use std::{
    collections::HashMap,
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use nix::unistd::Pid;

pub use self::used::{Used, used};
use crate::{cargo, catalogue::package, lab::Lab};

/// Load the examples for a while, and say what is lost and what grows
#[derive(clap::Args)]
pub struct Args {
    /// Minutes in all; each load runs once at the least
    #[arg(long, default_value_t = 5.0, value_parser = minutes)]
    minutes: f64,
    /// Load the debug programs: built sooner, and slower
    #[arg(long)]
    debug: bool,
}

fn minutes(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(minutes) if (0.0..=600.0).contains(&minutes) => Ok(minutes),
        _ => Err("must be a number of minutes from 0 to 600".into()),
    }
}

/// A run that ends by itself before that is no hang.
const LIMIT: Duration = Duration::from_secs(300);

const CLUSTER: &str = "cargo test -p lesson-06-distributed --features ballista --test cluster -- \
                       --ignored --nocapture every_ten_seconds";

/// A program that has much to do.
struct Load {
    name: &'static str,
    /// Its lesson, or an example of lesson 02's library.
    program: &'static str,
    args: &'static [&'static str],
    pace: &'static str,
    /// How many items there must be in the end; none: as many as there were in the beginning.
    items: Option<u64>,
    /// How many of them came through, by what was printed: with those that went in, where the program says so.
    count: fn(&str) -> Option<(u64, u64)>,
}

const LOADS: [Load; 7] = [
    Load {
        name: "10,000 connections at once",
        program: "03-asyncio",
        args: &[
            "crawl",
            "--pages",
            "10000",
            "--concurrency",
            "10000",
            "--timeout",
            "120",
            "--connect-timeout",
            "60",
            "--query",
            "gate=10000&latency=50&size=100",
        ],
        pace: "0.01",
        items: Some(10_000),
        count: |text| first_two(last(text)?),
    },
    Load {
        name: "10,000 objects from S3",
        program: "04-futures",
        args: &["many-downloads", "--count", "10000", "--size", "1024"],
        pace: "0.01",
        items: Some(10_000),
        count: |text| lines(text, "Completed download: "),
    },
    Load {
        name: "10,000 objects to S3",
        program: "04-futures",
        args: &["many-uploads", "--count", "10000", "--size", "1024"],
        pace: "0.01",
        items: Some(10_000),
        count: |text| lines(text, "Completed upload: "),
    },
    Load {
        name: "a pool of 200 processes",
        program: "04-futures",
        args: &["failing-processes", "--workers", "200", "--numbers", "100000"],
        pace: "0.01",
        items: Some(100_000),
        count: |text| lines(text, "Squared value: "),
    },
    Load {
        name: "1,000,000 tasks",
        program: "04-futures",
        args: &["submit", "--numbers", "1000000"],
        pace: "0.01",
        items: Some(1_000_000),
        count: |text| lines(text, "Squared value: "),
    },
    Load {
        name: "100,000,000 locked additions by 64 processes, one killed each second",
        program: "increments",
        args: &["100000000", "64", "1"],
        pace: "1",
        items: Some(100_000_000),
        count: |text| first_two(last(text)?),
    },
    Load {
        name: "an hour of producers and consumers, at a pace of 0.002",
        program: "05-patterns",
        args: &[
            "orderly-end",
            "--seconds",
            "3600",
            "--every",
            "0.5",
            "--producers",
            "4",
            "--consumers",
            "4",
            "--work",
            "0.4",
        ],
        pace: "0.002",
        items: None,
        count: |text| first_two(last(text)?),
    },
];

/// The last line, which sums up.
fn last(text: &str) -> Option<&str> {
    text.lines().last()
}

/// The first two numbers of a line.
fn first_two(line: &str) -> Option<(u64, u64)> {
    let mut numbers = line.split_whitespace().filter_map(|word| word.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

/// How many lines begin so.
fn lines(text: &str, start: &str) -> Option<(u64, u64)> {
    let count = text.lines().filter(|line| line.starts_with(start)).count() as u64;
    Some((count, count))
}

/// Loads all of them.
///
/// # Errors
/// If they cannot be built or run, or something was lost.
pub fn run(args: &Args) -> Result<ExitCode> {
    let mut programs = cargo::build(!args.debug)?;
    programs.insert("increments".into(), increments(args.debug, &programs)?);
    let share = Duration::from_secs_f64(args.minutes * 60.0 / LOADS.len() as f64);
    println!(
        "{:>7}{:>12}{:>7}{:>13}{:>13}{:>14}",
        "rounds", "items", "lost", "files", "MiB", "connections"
    );
    let mut lost = 0;
    for load in &LOADS {
        println!("{}", load.name);
        lost += rounds(load, &programs, share)?;
    }
    println!("files, MiB: of all its processes at the most, in the first round and in the last");
    println!(
        "connections: that site and bucket had open before the first round and after the last"
    );
    println!("The cluster's load is a test, built for some minutes: {CLUSTER}");
    ensure!(lost == 0, "{lost} items were lost");
    Ok(ExitCode::SUCCESS)
}

/// The program of lesson 02's library that adds under a lock; `cargo build` makes no examples.
fn increments(debug: bool, programs: &HashMap<String, PathBuf>) -> Result<PathBuf> {
    let mut command = cargo::command();
    command.args(["build", "--quiet", "--example", "increments"]);
    command.args((!debug).then_some("--release"));
    ensure!(command.status().context("cannot start cargo")?.success(), "cargo build failed");
    let beside = programs.get("lab").context("cargo did not say where the programs are")?;
    Ok(beside.with_file_name("examples").join("increments"))
}

/// Runs a load until its share of the time is over, prints its line, and says how many items were lost.
fn rounds(load: &Load, programs: &HashMap<String, PathBuf>, share: Duration) -> Result<u64> {
    let package = package(load.program);
    let program = programs.get(&package).or_else(|| programs.get(load.program));
    let program = program.context("cargo did not say where the program is")?;
    let lab = Lab::start(programs, Some(0.01))?;
    let before = used(lab.pid()).sockets;
    let begin = Instant::now();
    let (mut count, mut items, mut lost) = (0, 0, 0);
    let (mut first, mut latest) = (Used::default(), Used::default());
    while count == 0 || begin.elapsed() < share {
        let (text, used) = once(load, program, &lab)?;
        let came = (load.count)(&text);
        let (came, through) =
            came.with_context(|| format!("{}: no count in {text:?}", load.name))?;
        let expected = load.items.unwrap_or(came);
        (items, lost) = (items + expected, lost + expected.abs_diff(through));
        first = if count == 0 { used } else { first };
        latest = used;
        count += 1;
    }
    // What has just ended is closed there as soon as it looks.
    let since = Instant::now();
    let after = loop {
        let after = used(lab.pid()).sockets;
        if after <= before || since.elapsed() > Duration::from_secs(5) {
            break after;
        }
        thread::sleep(Duration::from_millis(20));
    };
    let pair = |one: u64, other: u64| format!("{one} {other}");
    let files = pair(first.files, latest.files);
    let memory = pair(first.memory >> 20, latest.memory >> 20);
    let connections = pair(before, after);
    println!("{count:>7}{items:>12}{lost:>7}{files:>13}{memory:>13}{connections:>14}");
    ensure!(after <= before, "{}: {after} connections are left open, not {before}", load.name);
    Ok(lost)
}

/// Runs it once, in an empty folder: what it printed, and what it used at the most.
fn once(load: &Load, program: &Path, lab: &Lab) -> Result<(String, Used)> {
    let folder = cargo::target().join("soak");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut command = Command::new(program);
    command.args(load.args).envs(lab.environment()).env("PACE", load.pace);
    // In our process group, so that Ctrl-C ends it too.
    command.current_dir(&folder).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("{}: cannot start", load.name))?;
    let mut stdout = child.stdout.take().context("it has no output")?;
    let reading = thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.read_to_end(&mut bytes).map(|_| bytes)
    });
    let pid = Pid::from_raw(child.id().cast_signed());
    let (begin, mut most) = (Instant::now(), Used::default());
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if begin.elapsed() > LIMIT {
            child.kill()?;
        }
        let now = used(pid);
        most.files = most.files.max(now.files);
        most.memory = most.memory.max(now.memory);
        thread::sleep(Duration::from_millis(50));
    };
    let bytes = reading.join().expect("reading does not panic")?;
    let took = begin.elapsed();
    ensure!(status.success() || took < LIMIT, "{}: killed after {} s", load.name, LIMIT.as_secs());
    ensure!(status.success(), "{}: {status}", load.name);
    let _ = fs::remove_dir_all(&folder);
    Ok((String::from_utf8(bytes)?, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_come_through_is_counted() {
        assert_eq!(first_two("10 pages asked: 9 fetched, 1 failed"), Some((10, 9)));
        assert_eq!(
            lines("Squared value: 1\nSquared value: 4\nother\n", "Squared value: "),
            Some((2, 2))
        );
        assert_eq!(first_two("no numbers"), None);
    }
}
