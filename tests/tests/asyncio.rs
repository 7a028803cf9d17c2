//! Lesson 03: what must hold beyond the transcripts, and what happens when things fail.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    os::unix::process::{CommandExt, ExitStatusExt},
    process::Stdio,
    time::Instant,
};

use anyhow::{Context, Result};
use lab::site::Site;
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use xtask::child::Finished;

const LESSON: &str = "03-asyncio";

fn lesson(name: &str, args: &[&str]) -> Result<Finished> {
    tests::run(&mut tests::example(LESSON, name, args)?)
}

fn crawl(site: &Site, args: &[&str]) -> Result<Finished> {
    let mut command = tests::example(LESSON, "crawl", args)?;
    tests::run(command.env("LAB_SITE", site.base()))
}

#[test]
fn each_countdown_keeps_its_own_order_and_they_take_turns() -> Result<()> {
    let done = lesson("countdown", &["A=5", "B=3"])?;
    let of = |name: &str| -> Vec<_> {
        done.stdout.lines().filter_map(|line| line.strip_prefix(name)).collect()
    };
    assert_eq!(of("A: "), ["5", "4", "3", "2", "1", "Countdown finished!"]);
    assert_eq!(of("B: "), ["3", "2", "1", "Countdown finished!"]);
    let first: Vec<_> = done.stdout.lines().take(2).collect();
    assert_eq!(first, ["A: 5", "B: 3"], "the second does not wait for the first");
    Ok(())
}

#[test]
fn a_countdown_from_0_is_over_at_once() -> Result<()> {
    assert_eq!(lesson("countdown", &["A=0"])?.stdout, "A: Countdown finished!\n");
    Ok(())
}

#[test]
fn a_task_that_fails_cancels_the_others() -> Result<()> {
    // An hour's work: the program would not end within the tests' limit if it waited.
    let done = lesson("cancel", &["A=3600", "B=0.1", "C=3600", "--fail", "B"])?;
    assert_eq!(done.status.code(), Some(1));
    assert_eq!(done.stderr, "error: task B failed after 0.1 seconds\n");
    let mut lines: Vec<_> = done.stdout.lines().collect();
    assert_eq!(lines[..3], ["Task A starting", "Task B starting", "Task C starting"]);
    lines[3..].sort_unstable();
    assert_eq!(lines[3..], ["Task A cancelled", "Task C cancelled"]);
    Ok(())
}

#[test]
fn results_come_in_the_order_asked() -> Result<()> {
    let urls: Vec<_> = (0..50).map(|number| format!("http://{number}.example")).collect();
    let mut args: Vec<_> = urls.iter().map(String::as_str).collect();
    args.push("--each");
    let done = lesson("fetch-data", &args)?;
    let results = done.stdout.lines().filter_map(|line| line.strip_prefix("Data from "));
    assert!(results.eq(&urls), "{}", done.stdout);
    Ok(())
}

#[test]
fn the_semaphore_lets_in_as_many_as_its_limit_and_never_more() -> Result<()> {
    for (tasks, limit, most) in
        [("20", "3", 3), ("20", "1", 1), ("2", "3", 2), ("1000", "100", 100)]
    {
        let done = lesson("semaphore", &["--tasks", tasks, "--limit", limit])?;
        let (mut inside, mut seen) = (0_i32, 0);
        for line in done.stdout.lines() {
            inside += i32::from(line.ends_with(" starting"));
            inside -= i32::from(line.ends_with(" finished"));
            seen = seen.max(inside);
        }
        assert_eq!((inside, seen), (0, most), "{tasks} tasks, limit {limit}");
        assert!(done.stdout.ends_with(&format!("At most {most} tasks at a time\n")));
    }
    Ok(())
}

#[test]
fn a_task_knows_its_name_and_one_that_waits_is_not_reported() -> Result<()> {
    let done = lesson("debugging", &[])?;
    assert!(done.status.success());
    assert_eq!((&*done.stdout, &*done.stderr), ("Running task: Task-1\n", ""));
    Ok(())
}

#[test]
fn a_blocked_event_loop_is_reported_and_a_thread_mends_it() -> Result<()> {
    let nap = |nap| lesson("blocking", &["A", "B", "--nap", nap, "--slow", "0.03"]);
    let blocking = nap("blocking")?;
    assert_eq!(blocking.stdout, "Running task: A\nRunning task: B\n");
    let reports: Vec<_> = blocking.stderr.lines().collect();
    assert_eq!(reports.len(), 2, "{reports:?}");
    assert!(reports[0].starts_with("Executing <task name=\"A\"> took 0."), "{reports:?}");
    assert!(reports[1].starts_with("Executing <task name=\"B\"> took 0."), "{reports:?}");
    for mended in ["awaited", "thread"] {
        let done = nap(mended)?;
        assert_eq!(done.stdout, blocking.stdout, "{mended}");
        assert!(done.status.success());
    }
    Ok(())
}

/// At once is long before the waits are over; how long it takes depends on what else the machine does.
#[test]
fn ctrl_c_cancels_the_tasks_and_ends_at_once_with_130() -> Result<()> {
    let cancelled = "error: interrupted\n";
    let blocked = "error: interrupted; a task was blocking the event loop\n";
    let unanswered = ["crawl", "lab:a?latency=0", "lab:b?fault=never", "--timeout", "3600"];
    let cases: [(&[&str], &str, &str); 4] = [
        (&unanswered, "", cancelled),
        (&["cancel", "A=3600", "B=3600"], "Task A cancelled\nTask B cancelled\n", cancelled),
        (&["blocking", "A", "--nap", "thread"], "", cancelled),
        (&["blocking", "A"], "", blocked),
    ];
    for (args, last_lines, error) in cases {
        let done = interrupted(args, if args[0] == "cancel" { 2 } else { 1 })?;
        assert_eq!(done.status.code(), Some(130), "{args:?}");
        assert_eq!(done.stderr, error, "{args:?}");
        assert!(done.stdout.ends_with(last_lines), "{args:?}: {}", done.stdout);
    }
    Ok(())
}

/// As any program that does not ask for the signal.
#[test]
fn ctrl_c_ends_a_slides_program() -> Result<()> {
    let cases: [&[&str]; 6] = [
        &["countdown", "A=3600"],
        &["event-loop", "A=3600"],
        &["fetch-data"],
        &["web-scraping", "lab:a?latency=0", "lab:b?fault=never"],
        &["semaphore"],
        &["debugging"],
    ];
    for args in cases {
        let done = interrupted(args, 1)?;
        let end = (done.status.signal(), &*done.stderr);
        assert_eq!(end, (Some(Signal::SIGINT as i32), ""), "{args:?}");
    }
    Ok(())
}

/// What an example leaves when it gets Ctrl-C after its first lines.
fn interrupted(args: &[&str], lines: usize) -> Result<Finished> {
    let mut command = tests::program("lesson-03-asyncio")?;
    // Long waits, but under the tests' own limit should the interrupt be lost.
    command.args(args).env("PACE", "20").process_group(0);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut output = BufReader::new(child.stdout.take().context("no output")?);
    let mut stdout = String::new();
    for _ in 0..lines {
        output.read_line(&mut stdout)?;
    }
    let begin = Instant::now();
    killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT)?;
    output.read_to_string(&mut stdout)?;
    let done = child.wait_with_output()?;
    let wall = begin.elapsed();
    assert!(wall < tests::LONG_BEFORE, "{args:?}: {wall:?}");
    let stderr = String::from_utf8_lossy(&done.stderr).into_owned();
    Ok(Finished { status: done.status, stdout, stderr, wall, timed_out: false })
}

/// Pages behind a gate of eight are answered only once eight requests are in flight.
#[test]
fn as_many_pages_are_in_flight_as_allowed_and_never_more() -> Result<()> {
    let site = Site::start()?;
    let done =
        crawl(&site, &["--pages", "8", "--concurrency", "8", "--query", "gate=8&latency=0"])?;
    assert!(done.status.success(), "{}", done.stderr);
    assert_eq!(site.in_flight_max(), 8);
    let done = crawl(&site, &["--pages", "300", "--concurrency", "8"])?;
    assert_eq!(done.stdout, "300 pages asked: 300 fetched, 0 failed, 2457600 characters\n");
    assert_eq!((site.served(), site.in_flight_max()), (308, 8));
    Ok(())
}

#[test]
fn a_worker_keeps_to_its_connection() -> Result<()> {
    let site = Site::start()?;
    let args = ["--pages", "2000", "--concurrency", "50", "--query", "latency=0"];
    let done = crawl(&site, &args)?;
    assert!(done.status.success(), "{}", done.stderr);
    assert_eq!(site.connections(), 50);
    Ok(())
}

#[test]
fn the_sizes_come_in_the_order_asked_or_as_the_pages_do() -> Result<()> {
    let site = Site::start()?;
    let [slow, later, fast] = ["slow?latency=1", "later?latency=10", "fast?latency=0"]
        .map(|page| format!("{}/{page}", site.base()));
    let line = |page| format!("{page}: 8192 characters\n");
    let in_order = lesson("page-sizes", &[&slow, &fast])?;
    assert_eq!(in_order.stdout, line(&slow) + &line(&fast));
    let as_completed = lesson("page-sizes", &[&later, &fast, "--as-completed"])?;
    assert_eq!(as_completed.stdout, line(&fast) + &line(&later));
    Ok(())
}

/// Pages behind a gate of five are answered only once five requests are in flight.
#[test]
fn a_slides_pages_are_fetched_at_once() -> Result<()> {
    for (name, more) in
        [("web-scraping", &[][..]), ("page-sizes", &[]), ("page-sizes", &["--as-completed"])]
    {
        let site = Site::start()?;
        let pages = ["a", "b", "c", "d", "e"].map(|page| format!("{}/{page}?gate=5", site.base()));
        let mut args: Vec<_> = pages.iter().map(String::as_str).collect();
        args.extend(more);
        let done = lesson(name, &args)?;
        assert!(done.status.success(), "{name}: {}", done.stderr);
        assert_eq!((site.served(), site.in_flight_max()), (5, 5), "{name} {more:?}");
    }
    Ok(())
}

/// And it does not wait for the others; what it was is said.
#[test]
fn a_page_that_cannot_be_fetched_ends_the_slides_program_with_its_error() -> Result<()> {
    let site = Site::start()?;
    let bad = format!("{}/a?fault=reset", site.base());
    let never = format!("{}/b?fault=never", site.base());
    for (name, more) in
        [("web-scraping", None), ("page-sizes", None), ("page-sizes", Some("--as-completed"))]
    {
        let mut args = vec![&*never, &*bad];
        args.extend(more);
        let done = lesson(name, &args)?;
        assert_eq!((done.status.code(), &*done.stdout), (Some(1), ""), "{name}");
        let start = format!("error: error sending request for url ({bad})");
        assert!(done.stderr.starts_with(&start), "{name}: {}", done.stderr);
        assert!(done.stderr.contains("Connection reset by peer"), "{name}: {}", done.stderr);
    }
    Ok(())
}

#[test]
fn every_page_of_many_is_accounted_for() -> Result<()> {
    let args = ["--pages", "2000", "--concurrency", "500", "--query", "latency=0"];
    let done = lesson("crawl", &args)?;
    assert_eq!(done.stdout, "2000 pages asked: 2000 fetched, 0 failed, 16384000 characters\n");
    let args = ["--pages", "40", "--query", "fault=404&latency=0"];
    let done = lesson("crawl", &args)?;
    assert_eq!(done.stdout, "40 pages asked: 0 fetched, 40 failed, 0 characters\n");
    assert_eq!(done.stderr.lines().count(), 41, "each page, and the sum");
    assert!(done.stderr.ends_with("error: 40 of 40 pages failed\n"), "{}", done.stderr);
    Ok(())
}

#[test]
fn each_page_that_fails_is_named_with_its_cause_and_the_others_are_fetched() -> Result<()> {
    let site = Site::start()?;
    let base = site.base();
    // Bound and closed again is refused.
    let closed = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let faults = [
        (format!("{base}/a?fault=404"), "404 Not Found"),
        (format!("{base}/b?fault=503"), "503 Service Unavailable"),
        (format!("{base}/c?fault=reset"), "Connection reset by peer"),
        (format!("{base}/d?fault=truncated"), "end of file before message length reached"),
        (format!("{base}/e?fault=never"), "not there after 3 s"),
        (format!("{base}/f?latency=3600"), "not there after 3 s"),
        (format!("{base}/g?size=20001"), "20001 bytes, more than 20000"),
        (format!("{base}/h?size=30000&fault=slow&latency=0"), "more than 20000 bytes"),
        (format!("http://{closed}/i"), "Connection refused"),
    ];
    let fine = [
        format!("{base}/w?size=20000"),
        format!("{base}/x?fault=slow&latency=0.1"),
        format!("{base}/y?fault=redirect"),
        format!("{base}/z?fault=503&times=2"),
        format!("{base}/u?fault=reset&times=2"),
        format!("{base}/v?fault=truncated&times=2"),
    ];
    let mut args = vec!["--timeout", "3", "--max-size", "20000"];
    args.extend(faults.iter().map(|(url, _)| url.as_str()).chain(fine.iter().map(String::as_str)));
    let done = lesson("crawl", &args)?;
    assert_eq!(done.status.code(), Some(1));
    for (url, cause) in &faults {
        let report = format!("cannot fetch {url}: ");
        let line = done.stderr.lines().find(|line| line.starts_with(&report));
        let line = line.with_context(|| format!("no line {report:?} in {}", done.stderr))?;
        assert!(line.contains(cause), "{line:?} does not say {cause:?}");
    }
    for (url, size) in fine.iter().zip([20000, 8192, 8192, 8192, 8192, 8192]) {
        let line = format!("Fetched {url}: {size} characters\n");
        assert!(done.stdout.contains(&line), "no {line:?} in {}", done.stdout);
    }
    let sum = "15 pages asked: 6 fetched, 9 failed, 60960 characters\n";
    assert!(done.stdout.ends_with(sum), "{}", done.stdout);
    assert_eq!(done.stdout.lines().count(), fine.len() + 1, "{}", done.stdout);
    assert!(done.stderr.ends_with("error: 9 of 15 pages failed\n"), "{}", done.stderr);
    Ok(())
}

#[test]
fn only_what_may_pass_is_tried_again() -> Result<()> {
    for (query, tries) in [
        ("fault=503", 4),
        ("fault=reset", 4),
        ("fault=truncated", 4),
        ("fault=503&times=2", 3),
        ("fault=404", 1),
        ("size=20001", 1),
        ("fault=never&latency=0", 1),
    ] {
        let site = Site::start()?;
        let url = format!("{}/p?{query}", site.base());
        let args = ["--timeout", "2", "--max-size", "20000", "--retries", "3", &url];
        lesson("crawl", &args)?;
        assert_eq!(site.served(), tries, "{query}");
    }
    Ok(())
}

#[test]
fn characters_are_counted_as_python_counts_them() -> Result<()> {
    use std::io::Write;
    let text = "naïve → 🐍\n";
    for (name, line) in
        [("page-sizes", "URL: 10 characters\n"), ("crawl", "Fetched URL: 10 characters\n")]
    {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}/", listener.local_addr()?);
        let server = std::thread::spawn(move || -> Result<()> {
            let (mut socket, _) = listener.accept()?;
            let mut lines = BufReader::new(socket.try_clone()?).lines();
            while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
            let length = text.len();
            Ok(write!(socket, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{text}")?)
        });
        let done = lesson(name, &[&url])?;
        assert!(done.stdout.starts_with(&line.replace("URL", &url)), "{}", done.stdout);
        server.join().expect("the server does not panic")?;
    }
    assert_eq!(text.chars().count(), 10);
    Ok(())
}

/// Thousands of tasks take a while to be dropped; none of them blocks the event loop.
#[test]
fn ctrl_c_amid_thousands_of_pages_blames_no_task() -> Result<()> {
    // Without it a slow machine's pages are late, and are blamed for it.
    let patient = ["--timeout", "3600"];
    let args = ["crawl", "--pages", "1000000", "--concurrency", "3000"];
    let site = Site::start()?;
    let mut command = tests::program("lesson-03-asyncio")?;
    command.args(args).args(patient).env("LAB_SITE", site.base()).process_group(0);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    tests::wait_until(|| Ok(site.in_flight_max() >= 1000))?;
    killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT)?;
    let done = child.wait_with_output()?;
    assert_eq!(done.status.code(), Some(130));
    assert_eq!(String::from_utf8_lossy(&done.stderr), "error: interrupted\n");
    Ok(())
}

#[test]
fn wrong_usage_names_the_argument_and_ends_with_2() -> Result<()> {
    let cases: [(&[&str], &[&str]); 14] = [
        (&["hello", "Alice"], &["'Alice'"]),
        (&["event-loop", "A"], &["'A'", "NAME=VALUE"]),
        (&["event-loop", "A="], &["'A='", "0 to 3600"]),
        (&["cancel", "A=-1"], &["'A=-1'", "0 to 3600"]),
        (&["countdown", "A=2.5"], &["'A=2.5'", "whole number"]),
        (&["semaphore", "--limit", "0"], &["'0'", "--limit", "1..=100000"]),
        (&["blocking", "--nap", "never"], &["'never'", "--nap", "blocking"]),
        (&["web-scraping", "python.org"], &["'python.org'", "lab:NAME"]),
        (&["page-sizes", "ftp://a"], &["'ftp://a'", "lab:NAME"]),
        (&["crawl", "python.org"], &["'python.org'", "lab:NAME"]),
        (&["crawl", "--concurrency", "0"], &["'0'", "--concurrency"]),
        (&["crawl", "--query", "latency=0"], &["--pages"]),
        (&["crawl", "lab:a", "--pages", "3"], &["--pages", "cannot be used with"]),
        (&["crawl", "--timeout", "-1"], &["'-1'", "--timeout"]),
    ];
    for (args, parts) in cases {
        let done = tests::run(tests::program("lesson-03-asyncio")?.args(args))?;
        assert_eq!(done.status.code(), Some(2), "{args:?}: {done:?}");
        assert_eq!(done.stdout, "", "{args:?}");
        for part in parts {
            assert!(done.stderr.contains(part), "{args:?}: no {part:?} in {}", done.stderr);
        }
    }
    Ok(())
}

#[test]
fn the_timeline_has_every_task_on_one_thread() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (name, args, tasks) in [
        ("event-loop", &["A=1", "B=1"][..], 2),
        ("debugging", &[], 1),
        ("blocking", &["A", "B"], 2),
    ] {
        let path = folder.path().join(name);
        let mut command = tests::example(LESSON, name, args)?;
        tests::run(command.env("LESSON_TIMELINE", &path))?;
        let text = std::fs::read_to_string(path)?;
        let lines = text.lines().map(serde_json::from_str);
        let lines = lines.collect::<Result<Vec<serde_json::Value>, _>>()?;
        let spans = lines.iter().filter(|line| line["kind"] == "span");
        let names: Vec<_> = spans.map(|span| &span["fields"]["name"]).collect();
        assert_eq!(names.len(), tasks, "{name}: {text}");
        assert!(lines.iter().all(|line| line["tid"] == lines[0]["tid"]), "{name}: {text}");
        assert_ne!(lines[0]["task"], serde_json::Value::Null, "{name}");
    }
    Ok(())
}
