//! Lesson 04's pools and futures: what must hold beyond the transcripts, and what happens when
//! things fail. Its S3 transfers: `s3.rs`.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result};
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
    let squares = (1..=5000_u64).map(|number| number * number);
    let done = lesson("thread-pool", &["--numbers", "5000", "--workers", "4"])?;
    let in_order: String =
        squares.clone().map(|square| format!("Squared value: {square}\n")).collect();
    assert_eq!(done.stdout, in_order);
    let args = ["--numbers", "5000", "--workers", "4", "--words", "slideshow"];
    let done = lesson("thread-pool", &args)?;
    let mut completed = done.stdout.lines().map(str::parse).collect::<Result<Vec<u64>, _>>()?;
    completed.sort_unstable();
    assert!(squares.eq(completed));
    Ok(())
}

#[test]
fn a_future_that_fails_or_panics_takes_no_other_along() -> Result<()> {
    for (option, report) in [
        ("--fail", "task 2 failed: as --fail 2 asks\n"),
        ("--panic", "with message \"as --panic 2 asks\"\n"),
    ] {
        let done = lesson("as-completed", &[option, "2", "--tasks", "4"])?;
        assert_eq!(done.status.code(), Some(1));
        let others = "Squared value: 1\nSquared value: 16\nSquared value: 9\n";
        assert_eq!(sorted(&done.stdout), sorted(others));
        let end = format!("{report}error: 1 of 4 tasks failed\n");
        assert!(done.stderr.ends_with(&end), "no {end:?} in {}", done.stderr);
    }
    Ok(())
}

#[test]
fn a_panic_in_a_process_of_the_pool_is_an_error_with_its_number() -> Result<()> {
    let done = lesson("process-pool", &["--numbers", "500", "--workers", "2", "--panic", "321"])?;
    assert_eq!((done.status.code(), &*done.stdout), (Some(1), ""));
    let error = done.stderr.lines().last().context("no error")?;
    assert!(error.starts_with("error: ") && error.contains("as --panic 321 asks"), "{error}");
    let squares = (1..=500_u64).map(|number| format!("Squared value: {}\n", number * number));
    let done = lesson("process-pool", &["--numbers", "500", "--workers", "2"])?;
    assert_eq!(done.stdout, squares.collect::<String>());
    Ok(())
}

#[test]
fn tasks_run_on_as_many_threads_as_there_are_workers() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (name, args, workers) in [
        // Tasks that wait: each has a thread of its own, or the third would not begin in time.
        ("as-completed", &["--tasks", "3", "--words", "approaches"][..], 3..=3),
        ("as-completed", &["--tasks", "500", "--workers", "4"], 1..=4),
        ("thread-pool", &["--numbers", "500", "--workers", "4"], 1..=4),
    ] {
        let timeline = folder.path().join("timeline");
        tests::run(tests::example(LESSON, name, args)?.env("LESSON_TIMELINE", &timeline))?;
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
    let done = lesson("files", &args)?;
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
    Ok(())
}

#[test]
fn more_files_than_the_channel_holds_are_all_printed() -> Result<()> {
    let done = lesson("files", &["--count", "500", "--size", "6"])?;
    assert!(done.status.success(), "{}", done.stderr);
    // Six bytes: `file 1` of file 1 and of file 100.
    let expected = (1..=500).map(|number| format!("FILE {}", &number.to_string()[..1]));
    let mut expected: Vec<_> = expected.collect();
    expected.sort_unstable();
    assert_eq!(sorted(&done.stdout), expected);
    Ok(())
}

#[test]
fn wrong_usage_names_the_argument_and_ends_with_2() -> Result<()> {
    let cases: [(&[&str], &[&str]); 9] = [
        (&["thread-pool", "--workers", "0"], &["'0'", "--workers", "1..=1000"]),
        (&["thread-pool", "--numbers", "-1"], &["'-1'", "--numbers"]),
        (&["thread-pool", "--words", "approaches"], &["'approaches'", "--words", "slideshow"]),
        (&["as-completed", "--tasks", "0"], &["'0'", "--tasks"]),
        (&["files", "a", "--count", "3"], &["--count", "cannot be used with"]),
        (&["s3-download", "a", "--count", "3"], &["--count", "cannot be used with"]),
        (&["s3-download", "--concurrency", "0"], &["'0'", "--concurrency", "1..=1000"]),
        (&["s3-download", "--endpoint", "localhost"], &["'localhost'", "--endpoint"]),
        (&["s3-upload", "--timeout", "-1"], &["'-1'", "--timeout"]),
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
