//! The GPU: the same line as threads, or an error that says what is missing.
//!
//! Where no driver answers, each test says that it had none; `.ci/run` installs one that needs no card.

use std::{
    os::unix::process::ExitStatusExt,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;
use xtask::{bench_all::report::Report, cargo, child::Finished};

fn bag(args: &[&str]) -> Result<Finished> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lesson-06-distributed"));
    tests::run(command.arg("bag").args(args).stdin(Stdio::null()))
}

/// Whether there is a GPU here. If there is none, that is what the program has to say.
fn there_is_one() -> Result<bool> {
    let listed = bag(&["--list-gpus"])?;
    if listed.status.success() {
        assert!(!listed.stdout.is_empty(), "{listed:?}");
        return Ok(true);
    }
    assert_none(&listed);
    println!("not tested: {}", listed.stderr);
    Ok(false)
}

fn assert_none(done: &Finished) {
    assert_eq!((done.status.code(), &*done.stdout), (Some(1), ""), "{done:?}");
    for part in ["there is no GPU", "apt install mesa-vulkan-drivers"] {
        assert!(done.stderr.contains(part), "{done:?}");
    }
}

fn assert_sum(args: &[&str], sum: i128) -> Result<Finished> {
    let done = bag(args)?;
    assert!(done.status.success(), "{args:?}: {done:?}");
    assert_eq!(done.stdout, format!("Sum of squared numbers: {sum}\n"), "{args:?}");
    Ok(done)
}

/// By the formula, so that it is no sum that the program could have got wrong the same way.
fn expected(last: i128) -> i128 {
    last * (last + 1) * (2 * last + 1) / 6
}

#[test]
fn one_to_n_is_the_same_on_everything() -> Result<()> {
    let gpu = there_is_one()?;
    // At the edges of a workgroup's row, of a workgroup, and of a dispatch, which has 2^25 numbers.
    let lasts = [1, 10, 255, 256, 257, 16_383, 16_384, 16_385, 262_144, 262_145, 1_000_000];
    let (dispatch, most) = ([33_554_432, 33_554_433], [1_000_000_000]);
    for last in [&lasts[..], &dispatch, &most].concat() {
        let first = last.to_string();
        for on in ["threads", "processes"] {
            assert_sum(&["--first", &first, "--on", on], expected(last))?;
        }
        if gpu {
            let done = assert_sum(&["--first", &first, "--on", "gpu"], expected(last))?;
            assert!(done.stderr.contains("\nOn ") || done.stderr.starts_with("On "), "{done:?}");
        }
    }
    Ok(())
}

#[test]
fn numbers_from_memory_are_the_same() -> Result<()> {
    let gpu = there_is_one()?;
    for on in ["threads", "gpu"].into_iter().filter(|on| gpu || *on != "gpu") {
        for last in [1, 257, 16_385, 33_554_433] {
            let first = last.to_string();
            assert_sum(&["--first", &first, "--from-memory", "--on", on], expected(last))?;
        }
        // The largest square, and enough of them that digits which were carried too late would be lost.
        let least = ["-2147483648"; 20_000];
        let args = [&["--on", on, "--"][..], &least].concat();
        assert_sum(&args, (1 << 62) * 20_000)?;
    }
    Ok(())
}

#[test]
fn a_software_adapter_is_named_as_one() -> Result<()> {
    if there_is_one()? {
        let listed = bag(&["--list-gpus"])?.stdout;
        for line in listed.lines().filter(|line| line.starts_with("llvmpipe")) {
            assert!(line.ends_with(", a software adapter, no card"), "{listed}");
        }
    }
    Ok(())
}

#[test]
fn without_a_driver_it_says_so() -> Result<()> {
    for args in [&["--on", "gpu"][..], &["--on", "gpu", "--first", "3"], &["--list-gpus"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lesson-06-distributed"));
        // Both names: the second is the older one.
        command.env("VK_DRIVER_FILES", "/nonexistent").env("VK_ICD_FILENAMES", "/nonexistent");
        assert_none(&tests::run(command.arg("bag").args(args).stdin(Stdio::null()))?);
    }
    Ok(())
}

/// Its address space grows until there is enough of it. A card's driver takes as much of that as it likes, so this is for
/// Mesa's adapter, which has its buffers there. That may crash for want of memory, and takes the program with it.
#[test]
fn too_little_memory_is_an_error_and_no_wrong_sum() -> Result<()> {
    if !there_is_one()? || !bag(&["--list-gpus"])?.stdout.starts_with("llvmpipe") {
        println!("not tested: the first GPU is not Mesa's");
        return Ok(());
    }
    let last = 30_000_000; // 120 MB
    let sum = format!("Sum of squared numbers: {}\n", expected(last));
    let mut failures = String::new();
    for megabytes in (128..8192).step_by(64) {
        let mut command = Command::new("bash");
        let limit = format!("ulimit -c 0 && ulimit -v {} && exec \"$@\"", megabytes << 10);
        command.args(["-c", &limit, "bash", env!("CARGO_BIN_EXE_lesson-06-distributed"), "bag"]);
        command.args(["--first", &last.to_string(), "--from-memory", "--on", "gpu"]);
        // As much on many cores as on two.
        command.env("MALLOC_ARENA_MAX", "1").env("LP_NUM_THREADS", "2");
        let done = tests::run(command.stdin(Stdio::null()))?;
        if done.status.success() {
            assert_eq!(done.stdout, sum, "{done:?}");
            assert!(failures.contains("cannot get 120000000 bytes of its memory"), "{failures}");
            return Ok(());
        }
        assert_eq!(done.stdout, "", "{done:?}");
        let crashed = [Some(Signal::SIGABRT as i32), Some(Signal::SIGSEGV as i32)];
        let told = done.status.code() == Some(1) && done.stderr.contains("error: ");
        assert!(told || crashed.contains(&done.status.signal()), "{megabytes} MB: {done:?}");
        failures += &format!("{megabytes} MB, {}: {}", done.status, done.stderr);
    }
    panic!("8 GB are too little: {failures}");
}

/// Both sides of each row print the same, or it would have failed.
#[test]
fn bench_all_has_rows_of_the_gpu_and_says_what_it_is() -> Result<()> {
    if !there_is_one()? {
        return Ok(());
    }
    // Before what has a time limit: in a fresh clone it takes minutes, which are not a hang. Not by `tests::program`, which
    // would put a program without the GPU in the place of that of the other tests.
    cargo::build(true)?;
    cargo::build_with("gpu", "lesson-06-distributed", true)?;
    let mut build = cargo::command();
    ensure!(build.args(["build", "--quiet", "--bin", "xtask"]).status()?.success());
    let folder = tempfile::tempdir()?;
    let json = folder.path().join("report.json");
    let mut command = Command::new(cargo::target().join("debug/xtask"));
    command.args(["bench-all", "06/bag", "--long", "--features", "gpu", "--samples", "1"]);
    let done = tests::run(command.arg("--json").arg(&json).stdin(Stdio::null()))?;
    assert!(done.status.success(), "{done:?}");
    let report = Report::read(&json)?;
    for last in ["10", "10^4", "10^6", "10^8", "10^9"] {
        let row = |on: &str| {
            let name = format!("06-distributed/bag: {on}, {last}");
            report.rows.iter().find(|row| row.name == name).context(name)
        };
        let [threads, gpu] = [row("threads")?, row("GPU")?];
        assert!(threads.sides[0].said.is_empty(), "{threads:?}");
        assert!(gpu.sides[0].said[0].contains("started in "), "{gpu:?}");
        for row in [threads, gpu] {
            assert_eq!(row.sides[0].samples.len(), 1, "{row:?}");
            // CuPy, or why there is none.
            for python in &row.sides[1..] {
                assert!(python.ratio.is_some() != python.lack.is_some(), "{python:?}");
            }
        }
        let said = format!("\n06-distributed/bag: GPU, {last}: On ");
        assert!(done.stdout.contains(&said), "no {said:?} in {}", done.stdout);
    }
    assert!(!done.stdout.contains("has more rows"), "{}", done.stdout);
    Ok(())
}
