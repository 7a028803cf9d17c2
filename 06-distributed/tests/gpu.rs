//! The GPU: the same line as threads, or an error that says what is missing.
//!
//! Where no driver answers, each test says that it had none; `.ci/run` installs one that needs no card.

use std::process::{Command, Stdio};

use anyhow::Result;
use xtask::child::Finished;

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
