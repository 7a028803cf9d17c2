//! Lesson 05: what must hold beyond the transcripts, and what happens when things fail.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader, Read},
    os::unix::process::CommandExt,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use nix::{
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
    let text = std::fs::read_to_string(path)?;
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
    let done = lesson("producer-consumer", &args)?;
    assert!(done.status.success(), "{}", done.stderr);
    nothing_lost(&done.stdout)?;
    Ok(())
}

#[test]
fn a_seed_gives_the_same_numbers_again_and_another_others() -> Result<()> {
    let run = |seed| -> Result<_> {
        let done = lesson("producer-consumer", &["--seed", seed, "--seconds", "5"])?;
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
    let done = lesson("producer-consumer", &args)?;
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
        let args = ["--panic-on", "3", "--consumers", consumers, "--producers", "2"];
        let done = lesson("producer-consumer", &args)?;
        assert_eq!(done.status.code(), Some(1));
        assert_eq!(nothing_lost(&done.stdout)?, 20);
        assert!(done.stderr.contains("thread 'consumer-"), "{}", done.stderr);
        assert!(done.stderr.contains("told to fail"), "{}", done.stderr);
        assert!(done.stderr.contains("error: a consumer panicked"), "{}", done.stderr);
    }
    Ok(())
}

/// The bound of 0.2 s is the lesson's promise to whoever waits at the keyboard.
#[test]
fn ctrl_c_ends_producers_and_consumers_at_once_and_nothing_is_lost() -> Result<()> {
    let args = ["--work", "3600", "--seconds", "3600", "--every", "0.1", "--capacity", "5"];
    let mut child = tests::example(LESSON, "producer-consumer", &args)?
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
    assert!(begin.elapsed() < Duration::from_millis(200), "{:?}", begin.elapsed());
    assert_eq!((status.code(), &*errors), (Some(130), "error: interrupted\n"));
    let produced = nothing_lost(&output)?;
    assert!((6..=7).contains(&produced), "{output}");
    Ok(())
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_all_else_is_done() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (fine, binary) = (folder.path().join("fine.txt"), folder.path().join("binary"));
    std::fs::write(&fine, "text")?;
    std::fs::write(&binary, b"\xff\xfe")?;
    let (fine, binary) = (fine.display().to_string(), binary.display().to_string());
    for workers in ["processes", "threads"] {
        let files = ["/no/such/file", &fine, &binary];
        let args = [&files[..], &["--sums", "10", "100", "--sums-in", workers]].concat();
        let done = lesson("io-and-cpu", &args)?;
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
fn every_task_and_bound_has_an_answer_in_both_languages() -> Result<()> {
    let done = lesson("choose", &["--all", "--explain"])?;
    let blocks: Vec<Vec<_>> = done
        .stdout
        .lines()
        .collect::<Vec<_>>()
        .chunks(5)
        .map(|block| block.iter().map(|line| line.split(':').next().unwrap_or_default()).collect())
        .collect();
    assert_eq!(blocks.len(), 12);
    for block in blocks {
        assert_eq!(block[1..], ["  Python", "  Rust", "  Why", "  Read"]);
    }
    let isolated = lesson("choose", &["--all", "--isolated"])?;
    assert_eq!(isolated.stdout, "Multiprocessing\n".repeat(12));
    Ok(())
}

/// Also that the best of a row is the best of its numbers.
#[test]
fn the_grid_has_every_work_in_every_model() -> Result<()> {
    let args = ["--grid", "--tasks", "2", "--additions", "1000", "--wait", "0.1"];
    let done = lesson("compare", &args)?;
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
    let all = lesson("locks", &[])?;
    for line in all.stdout.lines() {
        let (kind, _) = line.split_once(':').context("no name")?;
        assert_eq!(lesson("locks", &[kind])?.stdout, format!("{line}\n"));
    }
    assert_eq!(all.stdout.lines().count(), 8);
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
    let cases: [(&[&str], &[&str]); 11] = [
        (&["three-ways", "--wait", "-1"], &["'-1'", "--wait", "0 to 3600"]),
        (&["producer-consumer", "--every", "0"], &["'0'", "--every", "at least 0.001"]),
        (&["producer-consumer", "--capacity", "0"], &["'0'", "--capacity"]),
        (&["producer-consumer", "--consumers", "0"], &["'0'", "--consumers", "1..=1000"]),
        (&["io-and-cpu", "--sums", "-5"], &["'-5'", "--sums"]),
        (&["choose", "network"], &["'network'", "must be TASK=BOUND"]),
        (&["choose", "radio=both"], &["'radio=both'", "network, file, computation"]),
        (&["choose", "file=disc"], &["'file=disc'", "io-bound, cpu-bound"]),
        (&["choose", "file=both", "--all"], &["--all", "cannot be used with"]),
        (&["locks", "padlock"], &["'padlock'", "semaphore"]),
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
