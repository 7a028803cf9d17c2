//! Lesson 03: what must hold beyond the transcripts, and what happens when things fail.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    os::unix::process::CommandExt,
    process::Stdio,
    time::{Duration, Instant},
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

fn scrape(site: &Site, args: &[&str]) -> Result<Finished> {
    let mut command = tests::example(LESSON, "web-scraping", args)?;
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
    assert_eq!(lesson("countdown", &["A=0", "--words", "techniques"])?.stdout, "");
    Ok(())
}

#[test]
fn a_task_that_fails_cancels_the_others() -> Result<()> {
    // An hour's work: the program would not end within the tests' limit if it waited.
    let done = lesson("event-loop", &["A=3600", "B=0.1", "C=3600", "--fail", "B"])?;
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
    args.extend(["--words", "slideshow"]);
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
        let done = lesson("semaphore", &["--tasks", tasks, "--limit", limit, "--wait", "0.1"])?;
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
fn a_blocked_event_loop_is_reported_and_a_thread_mends_it() -> Result<()> {
    let nap = |nap| lesson("debugging", &["A", "B", "--nap", nap, "--slow", "0.03"]);
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

/// The bound of 0.2 s is the lesson's promise to whoever waits at the keyboard.
#[test]
fn ctrl_c_cancels_the_tasks_and_ends_at_once_with_130() -> Result<()> {
    let cancelled = "error: interrupted\n";
    let blocked = "error: interrupted; a task was blocking the event loop\n";
    let unanswered = ["web-scraping", "lab:a?latency=0", "lab:b?fault=never", "--timeout", "3600"];
    let cases: [(&[&str], &str, &str); 7] = [
        (&unanswered, "", cancelled),
        (&["event-loop", "A=3600", "B=3600"], "Task A cancelled\nTask B cancelled\n", cancelled),
        (&["countdown", "A=3600"], "", cancelled),
        (&["fetch-data"], "", cancelled),
        (&["semaphore", "--wait", "3600"], "", cancelled),
        (&["debugging", "--nap", "thread"], "", cancelled),
        (&["debugging", "--nap", "blocking"], "", blocked),
    ];
    for (args, last_lines, error) in cases {
        let mut command = tests::program("lesson-03-asyncio")?;
        // Long waits, but under the tests' own limit should the interrupt be lost.
        command.args(args).env("PACE", "20").process_group(0);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let mut stdout = BufReader::new(child.stdout.take().context("no output")?);
        let mut text = String::new();
        for _ in 0..if args[0] == "event-loop" { 2 } else { 1 } {
            stdout.read_line(&mut text)?;
        }
        let begin = Instant::now();
        killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT)?;
        stdout.read_to_string(&mut text)?;
        let done = child.wait_with_output()?;
        assert!(begin.elapsed() < Duration::from_millis(200), "{args:?}: {:?}", begin.elapsed());
        assert_eq!(done.status.code(), Some(130), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&done.stderr), error, "{args:?}");
        assert!(text.ends_with(last_lines), "{args:?}: {text}");
    }
    Ok(())
}

/// Pages behind a gate of eight are answered only once eight requests are in flight.
#[test]
fn as_many_pages_are_in_flight_as_allowed_and_never_more() -> Result<()> {
    let site = Site::start()?;
    let done =
        scrape(&site, &["--pages", "8", "--concurrency", "8", "--query", "gate=8&latency=0"])?;
    assert!(done.status.success(), "{}", done.stderr);
    assert_eq!(site.in_flight_max(), 8);
    let done = scrape(&site, &["--pages", "300", "--concurrency", "8"])?;
    assert_eq!(done.stdout, "300 pages asked: 300 fetched, 0 failed, 2457600 characters\n");
    assert_eq!((site.served(), site.in_flight_max()), (308, 8));
    Ok(())
}

#[test]
fn a_worker_keeps_to_its_connection() -> Result<()> {
    let site = Site::start()?;
    let args = ["--pages", "2000", "--concurrency", "50", "--query", "latency=0"];
    let done = scrape(&site, &args)?;
    assert!(done.status.success(), "{}", done.stderr);
    assert_eq!(site.connections(), 50);
    Ok(())
}

#[test]
fn the_lines_of_techniques_come_in_the_order_asked() -> Result<()> {
    let site = Site::start()?;
    // The first ones are answered last.
    let urls: Vec<_> = (0..20)
        .map(|number| format!("{}/{number}?latency={}", site.base(), 2.0 - 0.1 * f64::from(number)))
        .collect();
    let mut args: Vec<_> = urls.iter().map(String::as_str).collect();
    args.extend(["--words", "techniques"]);
    let done = lesson("web-scraping", &args)?;
    let lines: Vec<_> = urls.iter().map(|url| format!("{url}: 8192 characters\n")).collect();
    assert_eq!(done.stdout, lines.concat());
    Ok(())
}

#[test]
fn every_page_of_many_is_accounted_for() -> Result<()> {
    let args = ["--pages", "2000", "--concurrency", "500", "--query", "latency=0"];
    let done = lesson("web-scraping", &args)?;
    assert_eq!(done.stdout, "2000 pages asked: 2000 fetched, 0 failed, 16384000 characters\n");
    let args = ["--pages", "40", "--query", "fault=404&latency=0"];
    let done = lesson("web-scraping", &args)?;
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
    let mut args = vec!["--timeout", "3", "--max-size", "20000", "--words", "slideshow"];
    args.extend(faults.iter().map(|(url, _)| url.as_str()).chain(fine.iter().map(String::as_str)));
    let done = lesson("web-scraping", &args)?;
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
    assert_eq!(done.stdout.lines().count(), fine.len(), "{}", done.stdout);
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
        lesson("web-scraping", &args)?;
        assert_eq!(site.served(), tries, "{query}");
    }
    Ok(())
}

#[test]
fn characters_are_counted_as_python_counts_them() -> Result<()> {
    use std::io::Write;
    let text = "naïve → 🐍\n";
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/", listener.local_addr()?);
    let server = std::thread::spawn(move || -> Result<()> {
        let (mut socket, _) = listener.accept()?;
        let mut lines = BufReader::new(socket.try_clone()?).lines();
        while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
        let length = text.len();
        Ok(write!(socket, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{text}")?)
    });
    let done = lesson("web-scraping", &["--words", "slideshow", &url])?;
    assert_eq!(done.stdout, format!("Fetched {url}: {} characters\n", text.chars().count()));
    server.join().expect("the server does not panic")
}

#[test]
fn wrong_usage_names_the_argument_and_ends_with_2() -> Result<()> {
    let cases: [(&[&str], &[&str]); 12] = [
        (&["hello", "Alice"], &["'Alice'", "NAME=VALUE"]),
        (&["hello", "Alice=-1"], &["'Alice=-1'", "0 to 3600"]),
        (&["countdown", "A=2.5"], &["'A=2.5'", "whole number"]),
        (&["countdown", "A=5", "--words", "slideshow"], &["'slideshow'", "techniques"]),
        (&["event-loop", "A="], &["'A='", "0 to 3600"]),
        (&["semaphore", "--limit", "0"], &["'0'", "--limit", "1..=100000"]),
        (&["debugging", "--nap", "never"], &["'never'", "--nap", "blocking"]),
        (&["web-scraping", "python.org"], &["'python.org'", "lab:NAME"]),
        (&["web-scraping", "--concurrency", "0"], &["'0'", "--concurrency"]),
        (&["web-scraping", "--query", "latency=0"], &["--pages"]),
        (&["web-scraping", "lab:a", "--pages", "3"], &["--pages", "cannot be used with"]),
        (&["web-scraping", "--timeout", "-1"], &["'-1'", "--timeout"]),
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
    for (name, args) in [("event-loop", &["A=1", "B=1"][..]), ("debugging", &["A", "B"])] {
        let path = folder.path().join(name);
        let mut command = tests::example(LESSON, name, args)?;
        tests::run(command.env("LESSON_TIMELINE", &path))?;
        let text = std::fs::read_to_string(path)?;
        let lines = text.lines().map(serde_json::from_str);
        let lines = lines.collect::<Result<Vec<serde_json::Value>, _>>()?;
        let spans = lines.iter().filter(|line| line["kind"] == "span");
        let names: Vec<_> = spans.map(|span| &span["fields"]["name"]).collect();
        assert_eq!(names.len(), 2, "{name}: {text}");
        assert!(lines.iter().all(|line| line["tid"] == lines[0]["tid"]), "{name}: {text}");
        assert_ne!(lines[0]["task"], serde_json::Value::Null, "{name}");
    }
    Ok(())
}
