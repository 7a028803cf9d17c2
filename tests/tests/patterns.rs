//! Lesson 05: what must hold beyond the transcripts, and what happens when things fail.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::process::{CommandExt, ExitStatusExt},
    path::Path,
    process::Stdio,
    time::Instant,
};

use anyhow::{Context, Result};
use nix::{
    fcntl::{FcntlArg, fcntl},
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use serde_json::Value;
use xtask::child::Finished;

const LESSON: &str = "05-patterns";

fn lesson(name: &str, args: &[&str]) -> Result<Finished> {
    tests::run(&mut tests::example(LESSON, name, args)?)
}

#[test]
fn the_three_ways_are_a_thread_a_process_and_the_main_thread() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("timeline");
    let mut command = tests::example(LESSON, "three-ways", &[])?;
    tests::run(command.env("LESSON_TIMELINE", &path))?;
    let text = fs::read_to_string(path)?;
    let lines = text.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    let place = |way: &str| {
        let is_way = |line: &&Value| {
            line["kind"] == "span"
                && (line["name"] == way
                    || line["fields"]["name"].as_str().is_some_and(|name| name.starts_with(way)))
        };
        let line = lines.iter().find(is_way).with_context(|| format!("no {way} in {text}"))?;
        anyhow::Ok((line["pid"].as_u64(), line["tid"].as_u64()))
    };
    let (thread, process, task) =
        (place("Threading")?, place("Multiprocessing")?, place("async_task")?);
    assert_eq!(task.0, task.1, "the event loop is on the main thread");
    assert!(thread.0 == task.0 && thread.1 != task.1, "{thread:?} {task:?}");
    assert_ne!(process.0, task.0);
    Ok(())
}

/// The numbers of the lines that begin with `label`, each with how often it comes.
fn numbers(output: &str, label: &str) -> Result<BTreeMap<u64, usize>> {
    let mut numbers = BTreeMap::new();
    for number in output.lines().filter_map(|line| line.strip_prefix(label)) {
        *numbers.entry(number.parse()?).or_default() += 1;
    }
    Ok(numbers)
}

/// Every number that was produced was consumed, as often; how many there were.
fn nothing_lost(output: &str) -> Result<usize> {
    let produced = numbers(output, "Produced: ")?;
    assert_eq!(produced, numbers(output, "Consumed: ")?, "{output}");
    let count = produced.values().sum();
    let closing = format!("{count} produced, {count} consumed\n");
    assert!(output.ends_with(&closing), "no {closing:?} in {output}");
    Ok(count)
}

#[test]
fn what_many_producers_produce_many_consumers_consume() -> Result<()> {
    let args = ["--producers", "5", "--consumers", "3", "--capacity", "1", "--seconds", "3"];
    let done = lesson("orderly-end", &args)?;
    assert!(done.status.success(), "{}", done.stderr);
    nothing_lost(&done.stdout)?;
    Ok(())
}

#[test]
fn a_seed_gives_the_same_numbers_again_and_another_others() -> Result<()> {
    let run = |seed| -> Result<_> {
        let done = lesson("orderly-end", &["--seed", seed, "--seconds", "5"])?;
        numbers(&done.stdout, "Produced: ")
    };
    assert_eq!(run("7")?, run("7")?);
    assert_ne!(run("7")?, run("8")?);
    Ok(())
}

#[test]
fn a_full_queue_holds_the_producer() -> Result<()> {
    let (capacity, consumers) = (3, 2);
    let args = ["--capacity", "3", "--consumers", "2", "--producers", "3", "--work", "4"];
    let done = lesson("orderly-end", &args)?;
    assert!(done.stdout.contains("Queue full, producer waits\n"), "{}", done.stdout);
    let mut ahead = 0_i32;
    for line in done.stdout.lines() {
        ahead += i32::from(line.starts_with("Produced: "));
        ahead -= i32::from(line.starts_with("Consumed: "));
        assert!(ahead <= capacity + consumers, "{}", done.stdout);
    }
    nothing_lost(&done.stdout)?;
    Ok(())
}

#[test]
fn a_consumer_that_panics_loses_nothing_and_is_reported() -> Result<()> {
    for consumers in ["1", "3"] {
        // The queue holds all: while a panic is reported, which takes a while, no producer waits.
        let args = ["--panic-on", "3", "--consumers", consumers, "--producers", "2"];
        let args = [&args[..], &["--capacity", "20"]].concat();
        let done = lesson("orderly-end", &args)?;
        assert_eq!(done.status.code(), Some(1));
        assert_eq!(nothing_lost(&done.stdout)?, 20);
        assert!(done.stderr.contains("thread 'consumer-"), "{}", done.stderr);
        assert!(done.stderr.contains("told to fail"), "{}", done.stderr);
        assert!(done.stderr.contains("error: a consumer panicked"), "{}", done.stderr);
    }
    Ok(())
}

/// At once is long before the waits are over; how long it takes depends on what else the machine does.
#[test]
fn ctrl_c_ends_producers_and_consumers_at_once_and_nothing_is_lost() -> Result<()> {
    let args = ["--work", "3600", "--seconds", "3600", "--every", "0.1", "--capacity", "5"];
    let mut child = tests::example(LESSON, "orderly-end", &args)?
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()?;
    let mut stdout = BufReader::new(child.stdout.take().context("no output")?);
    let mut output = String::new();
    // Five in the queue and one in hand: the sixth is the last before it is full.
    while !output.ends_with("Queue full, producer waits\n") {
        assert_ne!(stdout.read_line(&mut output)?, 0, "{output}");
    }
    let begin = Instant::now();
    killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT)?;
    stdout.read_to_string(&mut output)?;
    let mut errors = String::new();
    child.stderr.take().context("no errors")?.read_to_string(&mut errors)?;
    let status = child.wait()?;
    assert!(begin.elapsed() < tests::LONG_BEFORE, "{:?}", begin.elapsed());
    assert_eq!((status.code(), &*errors), (Some(130), "error: interrupted\n"));
    let produced = nothing_lost(&output)?;
    assert!((6..=7).contains(&produced), "{output}");
    Ok(())
}

/// Where nobody reads what it prints (Ctrl-S in a terminal), an end in good order takes for ever.
#[test]
fn a_second_ctrl_c_ends_at_once() -> Result<()> {
    let (reader, mut full) = io::pipe()?;
    full.write_all(&vec![0; usize::try_from(fcntl(&full, FcntlArg::F_GETPIPE_SZ)?)?])?;
    let mut command = tests::example(LESSON, "orderly-end", &["--seconds", "3600"])?;
    let mut child = command.stdout(full).process_group(0).spawn()?;
    let group = Pid::from_raw(child.id().cast_signed());
    // Its threads are started once it listens for Ctrl-C.
    let threads = format!("/proc/{}/task", child.id());
    tests::wait_until(|| {
        for thread in fs::read_dir(&threads)? {
            if fs::read_to_string(thread?.path().join("comm"))? == "producer-1\n" {
                return Ok(true);
            }
        }
        Ok(false)
    })?;
    let ended = tests::wait_until(|| {
        killpg(group, Signal::SIGINT)?; // a few: two that come together are one
        Ok(fs::read_to_string(format!("/proc/{group}/stat"))?.contains(") Z "))
    });
    let _ = killpg(group, Signal::SIGKILL);
    ended?;
    assert_eq!(child.wait()?.code(), Some(130));
    drop(reader);
    Ok(())
}

/// How many files and folders there are in one.
fn entries(folder: &Path) -> Result<usize> {
    Ok(fs::read_dir(folder)?.count())
}

#[test]
fn files_that_are_read_leave_nothing_behind_on_ctrl_c() -> Result<()> {
    for name in ["io-and-cpu", "failing-files"] {
        let folder = tempfile::tempdir()?;
        let mut child = tests::example(LESSON, name, &["--sums", "4000000000"])?
            .env("TMPDIR", folder.path())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let stdout = BufReader::new(child.stdout.take().context("no output")?);
        for line in stdout.lines().take(2) {
            assert!(line?.ends_with("read successfully."), "{name}");
        }
        killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT)?;
        assert_eq!(child.wait()?.signal(), Some(Signal::SIGINT as i32), "{name}");
        assert_eq!(entries(folder.path())?, 0, "{name}");
    }
    Ok(())
}

#[test]
fn the_grids_file_is_gone_after_ctrl_c_and_after_a_closed_pipe() -> Result<()> {
    for (args, interrupt, code) in
        [(&["wait", "--wait", "3600"][..], true, 130), (&["file", "--models", "threads"], false, 0)]
    {
        let folder = tempfile::tempdir()?;
        let mut child = tests::example(LESSON, "grid", args)?
            .env("TMPDIR", folder.path())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()?;
        // The first line comes when the file is there.
        let mut stdout = BufReader::new(child.stdout.take().context("no output")?);
        stdout.read_line(&mut String::new())?;
        if interrupt {
            assert_eq!(entries(folder.path())?, 1, "{args:?}");
            killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT)?;
        }
        let stdout = interrupt.then_some(stdout); // else closed
        assert_eq!(child.wait()?.code(), Some(code), "{args:?}");
        drop(stdout);
        assert_eq!(entries(folder.path())?, 0, "{args:?}");
    }
    Ok(())
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_all_else_is_done() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (fine, binary) = (folder.path().join("fine.txt"), folder.path().join("binary"));
    fs::write(&fine, "text")?;
    fs::write(&binary, b"\xff\xfe")?;
    let (fine, binary) = (fine.display().to_string(), binary.display().to_string());
    for workers in ["processes", "threads"] {
        let files = ["/no/such/file", &fine, &binary];
        let args = [&files[..], &["--sums", "10", "100", "--sums-in", workers]].concat();
        let done = lesson("failing-files", &args)?;
        assert_eq!(done.status.code(), Some(1));
        let lines = [
            "File 'fine.txt' read successfully.",
            "Sum of numbers up to 10 is 45.",
            "Sum of numbers up to 100 is 4950.",
        ];
        assert_eq!(done.stdout.lines().collect::<BTreeSet<_>>(), BTreeSet::from(lines));
        for line in [
            "cannot read /no/such/file: No such file",
            &format!("cannot read {binary}: stream did not contain valid UTF-8"),
            "error: 2 of 5 tasks failed",
        ] {
            assert!(done.stderr.contains(line), "no {line:?} in {}", done.stderr);
        }
    }
    Ok(())
}

#[test]
fn every_task_and_bound_has_an_answer_in_both_languages_and_a_lesson_to_read() -> Result<()> {
    let done = lesson("advice", &[])?;
    let lines: Vec<_> = done.stdout.lines().collect();
    let blocks: Vec<_> = lines.chunks(4).collect();
    let cases: BTreeSet<_> = blocks.iter().map(|block| block[0]).collect();
    assert_eq!((blocks.len(), cases.len()), (12, 12), "{}", done.stdout);
    for block in blocks {
        let label = |line: &str| line.split(':').next().unwrap_or_default().to_owned();
        assert_eq!([1, 2, 3].map(|it| label(block[it])), ["  Python", "  Rust", "  Why"]);
        let (_, lesson) = block[2].split_once(", see ").context("no lesson to read")?;
        assert!(xtask::catalogue::root().join(lesson).is_dir(), "{lesson}");
    }
    let isolated = lesson("advice", &["--isolated"])?;
    assert_eq!(
        isolated.stdout.matches("  Python: Multiprocessing\n  Rust: processes, ").count(),
        12
    );
    Ok(())
}

/// Also that the best of a row is the best of its numbers.
#[test]
fn the_grid_has_every_work_in_every_model() -> Result<()> {
    let args = ["--tasks", "2", "--additions", "1000", "--wait", "0.1"];
    let done = lesson("grid", &args)?;
    assert!(done.status.success(), "{}", done.stderr);
    let table: Vec<Vec<_>> =
        done.stdout.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    let (head, rows) = table.split_first().context("no table")?;
    assert_eq!(head[..], ["sequential", "threads", "processes", "async", "rayon", "best"]);
    let names: Vec<_> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(names, ["wait", "network", "file", "computation"]);
    for row in rows {
        let seconds = row[1..6].iter().map(|text| text.parse()).collect::<Result<Vec<f64>, _>>()?;
        let best = head.iter().position(|model| *model == row[6]).context("no such model")?;
        assert!(seconds.iter().all(|other| seconds[best] <= *other), "{row:?}");
    }
    Ok(())
}

#[test]
fn each_lock_keeps_its_promise_alone() -> Result<()> {
    let all = lesson("more-locks", &[])?;
    for line in all.stdout.lines() {
        let (kind, _) = line.split_once(':').context("no name")?;
        assert_eq!(lesson("more-locks", &[kind])?.stdout, format!("{line}\n"));
    }
    assert_eq!(all.stdout.lines().count(), 7);
    assert_eq!(lesson("lock", &[])?.stdout, "mutex: 4 updates by 4 threads\n");
    let three = "semaphore: 6 tasks, never more than 3 at once\n";
    assert_eq!(lesson("semaphore", &[])?.stdout, three);
    Ok(())
}

#[test]
fn log_lines_name_process_and_thread() -> Result<()> {
    let done = lesson("profiling", &[])?;
    let places = done.stdout.lines().filter_map(|line| Some(line.split_once(": the sum")?.0));
    let places: Vec<_> = places.collect();
    assert_eq!(places, ["MainProcess main", "MainProcess Thread-1", "PoolWorker-1 main"]);
    Ok(())
}

/// The command in its header: the sum does not fit 64 bits from 3.8 million on.
#[test]
fn profiling_adds_up_more_than_fits_64_bits() -> Result<()> {
    let done = lesson("profiling", &["--below", "10000000"])?;
    let line = ": the sum of squares below 10000000 is 333333283333335000000\n";
    assert_eq!(done.stdout.matches(line).count(), 3, "{done:?}");
    Ok(())
}

#[test]
fn own_times_add_up_to_the_total_in_thread_and_worker() -> Result<()> {
    let done = lesson("profiling", &[])?;
    let rows: Vec<Vec<_>> = done
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|row| ["cpu_bound_func", "sum_of_squares"].iter().any(|it| row.ends_with(&[it])))
        .collect();
    assert_eq!(rows.len(), 6, "{}", done.stdout);
    for pair in rows.chunks(2) {
        assert_eq!((pair[0][0], pair[1][0]), ("1", "4"));
        let number = |row: usize, column: usize| pair[row][column].parse::<f64>();
        let own = number(0, 1)? + number(1, 1)?;
        assert!((own - number(0, 2)?).abs() < 2.5e-6, "rounded to 1e-6 each: {pair:?}");
    }
    Ok(())
}

#[test]
fn wrong_usage_names_the_argument_and_ends_with_2() -> Result<()> {
    let cases: [(&[&str], &[&str]); 14] = [
        (&["three-ways", "--wait", "-1"], &["'-1'", "--wait", "0 to 3600"]),
        (&["producer-consumer", "--seed", "-1"], &["'-1'", "--seed"]),
        (&["orderly-end", "--every", "0"], &["'0'", "--every", "at least 0.001"]),
        (&["orderly-end", "--capacity", "0"], &["'0'", "--capacity"]),
        (&["orderly-end", "--consumers", "0"], &["'0'", "--consumers", "1..=1000"]),
        (&["io-and-cpu", "--sums", "-5"], &["'-5'", "--sums"]),
        (&["failing-files", "--sums", "-5"], &["'-5'", "--sums"]),
        (&["advice", "network"], &["'network'", "TASK=BOUND", "network=io-bound"]),
        (&["advice", "radio=both"], &["'radio=both'", "file=both", "computation=both"]),
        (&["advice", "file=disc"], &["'file=disc'", "file=io-bound", "file=cpu-bound"]),
        (&["grid", "walk"], &["'walk'", "computation"]),
        (&["grid", "--models", "fibres"], &["'fibres'", "--models", "rayon"]),
        (&["more-locks", "padlock"], &["'padlock'", "semaphore"]),
        (&["profiling", "--below", "5000000000"], &["'5000000000'", "--below"]),
    ];
    for (args, parts) in cases {
        let done = tests::run(tests::program("lesson-05-patterns")?.args(args))?;
        assert_eq!(done.status.code(), Some(2), "{args:?}: {done:?}");
        assert_eq!(done.stdout, "", "{args:?}");
        for part in parts {
            assert!(done.stderr.contains(part), "{args:?}: no {part:?} in {}", done.stderr);
        }
    }
    Ok(())
}
