//! Lesson 04's pools and futures: what must hold beyond the transcripts, and what happens when
//! things fail. Its S3 transfers: `s3.rs`.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader},
    process::{Child, Stdio},
};

use anyhow::{Context, Result};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use xtask::child::Finished;

const LESSON: &str = "04-futures";

fn lesson(name: &str, args: &[&str]) -> Result<Finished> {
    tests::run(&mut tests::example(LESSON, name, args)?)
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn a_map_gives_its_results_in_order_and_submit_gives_them_all() -> Result<()> {
    let squares = (1..=5000_u64).map(|number| format!("Squared value: {}\n", number * number));
    let squares: String = squares.collect();
    for pool in ["thread-pool", "process-pool"] {
        assert_eq!(lesson(pool, &["--numbers", "5000"])?.stdout, squares, "{pool}");
    }
    let submitted = lesson("submit", &["--numbers", "5000", "--workers", "4"])?;
    assert_eq!(sorted(&submitted.stdout), sorted(&squares));
    Ok(())
}

#[test]
fn a_future_that_fails_or_panics_takes_no_other_along() -> Result<()> {
    for (option, report) in [
        ("--fail", "task 2 failed: as --fail 2 asks\n"),
        ("--panic", "with message \"as --panic 2 asks\"\n"),
    ] {
        let done = lesson("failing-futures", &[option, "2", "--tasks", "4"])?;
        assert_eq!(done.status.code(), Some(1));
        let others = ["Task 1 completed", "Task 3 completed", "Task 4 completed"];
        assert_eq!(sorted(&done.stdout), others);
        let end = format!("{report}error: 1 of 4 tasks failed\n");
        assert!(done.stderr.ends_with(&end), "no {end:?} in {}", done.stderr);
    }
    Ok(())
}

#[test]
fn a_call_that_panics_in_a_process_is_named_and_the_others_give_their_results() -> Result<()> {
    let args = ["--numbers", "500", "--workers", "2", "--panic", "321"];
    let done = lesson("failing-processes", &args)?;
    assert_eq!(done.status.code(), Some(1));
    let others = (1..=500_u64).filter(|number| *number != 321);
    let others: String = others.map(|it| format!("Squared value: {}\n", it * it)).collect();
    assert_eq!(done.stdout, others);
    let report = done.stderr.lines().find(|line| line.starts_with("cannot square 321: "));
    assert!(report.is_some_and(|it| it.contains("as --panic 321 asks")), "{}", done.stderr);
    assert!(done.stderr.ends_with("error: 1 of 500 numbers failed\n"), "{}", done.stderr);
    Ok(())
}

#[test]
fn a_process_that_ends_breaks_the_pool_and_every_call_is_accounted_for() -> Result<()> {
    let args = ["--numbers", "500", "--workers", "2", "--exit", "321"];
    let done = lesson("failing-processes", &args)?;
    assert_eq!(done.status.code(), Some(1));
    let failed = done.stderr.lines().filter_map(|line| line.strip_prefix("cannot square "));
    let failed: Vec<_> = failed.collect();
    assert_eq!(done.stdout.lines().count() + failed.len(), 500);
    let cause = failed.iter().find(|line| line.starts_with("321: ")).context("321 did not fail")?;
    assert!(cause.contains("ended early with"), "{cause}");
    let count = format!("error: {} of 500 numbers failed\n", failed.len());
    assert!(done.stderr.ends_with(&count), "no {count:?} in {}", done.stderr);
    Ok(())
}

#[test]
fn tasks_run_on_as_many_threads_as_there_are_workers() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let no_wait = "0.000001";
    for (name, args, pace, workers) in [
        // Tasks that wait, the first for a whole second: the third has a thread of its own if it begins before.
        ("as-completed", &[][..], "1", 3..=3),
        ("failing-futures", &["--tasks", "500", "--workers", "4"], no_wait, 1..=4),
        ("submit", &["--numbers", "500", "--workers", "4"], no_wait, 1..=4),
    ] {
        let timeline = folder.path().join("timeline");
        let mut command = tests::example(LESSON, name, args)?;
        tests::run(command.env("LESSON_TIMELINE", &timeline).env("PACE", pace))?;
        let spans = fs::read_to_string(&timeline)?;
        fs::remove_file(&timeline)?;
        let threads = spans.lines().map(|line| {
            let span: Value = serde_json::from_str(line)?;
            span["tid"].as_u64().context("a span without a thread")
        });
        let threads = threads.collect::<Result<BTreeSet<_>>>()?;
        assert!(workers.contains(&threads.len()), "{name} {args:?}: on {} threads", threads.len());
    }
    Ok(())
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_others_are_printed() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = |name: &str, content: &[u8]| -> Result<String> {
        let path = folder.path().join(name);
        fs::write(&path, content)?;
        Ok(path.to_string_lossy().into_owned())
    };
    let missing = folder.path().join("missing").to_string_lossy().into_owned();
    let binary = file("binary", b"\xff\xfe\0")?;
    let a_folder = folder.path().to_string_lossy().into_owned();
    let empty = file("empty", b"")?;
    let german = file("german", "Maßstab größer\r\n".as_bytes())?;
    let args = [&*missing, &binary, &a_folder, &empty, &german];
    let done = lesson("many-files", &args)?;
    assert_eq!(done.status.code(), Some(1));
    assert!(["\nMASSSTAB GRÖSSER\r\n\n", "MASSSTAB GRÖSSER\r\n\n\n"].contains(&&*done.stdout));
    for (path, cause) in [
        (&missing, "No such file or directory"),
        (&binary, "stream did not contain valid UTF-8"),
        (&a_folder, "Is a directory"),
    ] {
        let line = format!("cannot read {path}: {cause}");
        assert!(done.stderr.contains(&line), "no {line:?} in {}", done.stderr);
    }
    assert!(done.stderr.ends_with("error: 3 of 5 files failed\n"), "{}", done.stderr);

    // The slide's program ends with the first, whatever the others are about to send.
    let done = lesson("files", &[&*german, &missing, &german, &german])?;
    assert_eq!(done.status.code(), Some(1));
    let line = format!("error: cannot read {missing}: No such file or directory");
    assert!(done.stderr.starts_with(&line), "no {line:?} in {}", done.stderr);
    Ok(())
}

#[test]
fn more_files_than_the_channel_holds_are_all_printed() -> Result<()> {
    let done = lesson("many-files", &["--count", "500", "--size", "6"])?;
    assert!(done.status.success(), "{}", done.stderr);
    // Six bytes: `file 1` of file 1 and of file 100.
    let expected = (1..=500).map(|number| format!("FILE {}", &number.to_string()[..1]));
    let mut expected: Vec<_> = expected.collect();
    expected.sort_unstable();
    assert_eq!(sorted(&done.stdout), expected);
    Ok(())
}

/// 130 and 143 are what a shell gives for SIGINT and SIGTERM.
#[test]
fn the_folder_of_made_files_is_gone_however_it_ends() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let left = || anyhow::Ok(fs::read_dir(folder.path())?.count());
    let start = |count: &str, size: &str| -> Result<Child> {
        let mut command =
            tests::example(LESSON, "many-files", &["--count", count, "--size", size])?;
        command.env("TMPDIR", folder.path()).stdout(Stdio::piped());
        Ok(command.spawn()?)
    };
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
        // While they are printed: nobody reads more than a line, so it stands still.
        let mut child = start("50", "100000")?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?);
        lines.read_line(&mut String::new())?;
        assert_eq!(left()?, 1);
        kill(Pid::from_raw(child.id().cast_signed()), signal)?;
        assert_eq!((child.wait()?.code(), left()?), (Some(code), 0), "{signal}, printing");

        // While they are made.
        let mut child = start("100000", "1000")?;
        tests::wait_until(|| {
            let made = fs::read_dir(folder.path())?.next().transpose()?;
            Ok(made.is_some_and(|made| fs::read_dir(made.path()).is_ok_and(|it| it.count() > 9)))
        })?;
        kill(Pid::from_raw(child.id().cast_signed()), signal)?;
        assert_eq!((child.wait()?.code(), left()?), (Some(code), 0), "{signal}, making");
    }
    // Nobody reads on: `| head -1`.
    let mut child = start("50", "100000")?;
    BufReader::new(child.stdout.take().context("no output")?).read_line(&mut String::new())?;
    assert_eq!((child.wait()?.code(), left()?), (Some(0), 0));
    Ok(())
}

#[test]
fn wrong_usage_names_the_argument_and_ends_with_2() -> Result<()> {
    let cases: [(&[&str], &[&str]); 10] = [
        (&["submit", "--workers", "0"], &["'0'", "--workers", "1..=1000"]),
        (&["thread-pool", "--numbers", "-1"], &["'-1'", "--numbers"]),
        (&["failing-processes", "--workers", "1001"], &["'1001'", "--workers", "1..=1000"]),
        (&["failing-futures", "--tasks", "0"], &["'0'", "--tasks"]),
        (&["many-files", "a", "--count", "3"], &["--count", "cannot be used with"]),
        (&["many-downloads", "a", "--count", "3"], &["--count", "cannot be used with"]),
        (&["many-downloads", "--concurrency", "0"], &["'0'", "--concurrency", "1..=1000"]),
        (&["many-uploads", "--timeout", "-1"], &["'-1'", "--timeout"]),
        (&["s3-download", "--endpoint", "localhost"], &["'localhost'", "--endpoint"]),
        (&["as-completed", "--words", "approaches"], &["'--words'", "unexpected"]),
    ];
    for (args, parts) in cases {
        let done = tests::run(tests::program("lesson-04-futures")?.args(args))?;
        assert_eq!(done.status.code(), Some(2), "{args:?}: {done:?}");
        assert_eq!(done.stdout, "", "{args:?}");
        for part in parts {
            assert!(done.stderr.contains(part), "{args:?}: no {part:?} in {}", done.stderr);
        }
    }
    Ok(())
}
