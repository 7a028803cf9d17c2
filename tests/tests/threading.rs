//! Lesson 01: what must hold beyond the transcripts, and what happens when things fail.

use std::{
    io::{BufRead, BufReader, Read},
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::Instant,
};

use anyhow::{Context, Result};
use lab::site::Site;
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use serde_json::Value;
use xtask::child::Finished;

const LESSON: &str = "01-threading";

fn lesson(name: &str, args: &[&str]) -> Result<Finished> {
    tests::run(&mut tests::example(LESSON, name, args)?)
}

#[test]
fn each_thread_of_interleaving_keeps_its_own_order() -> Result<()> {
    let done = lesson("interleaving", &["--to", "26"])?;
    let lines = |label: &str| -> Vec<_> {
        let of_thread = done.stdout.lines().filter_map(|line| line.strip_prefix(label));
        of_thread.map(String::from).collect()
    };
    let numbers: Vec<_> = (1..=26).map(|number| number.to_string()).collect();
    let letters: Vec<_> = ('a'..='z').map(String::from).collect();
    assert_eq!((lines("Number: "), lines("Letter: ")), (numbers, letters));
    Ok(())
}

#[test]
fn a_contended_counter_is_exact_with_a_lock_and_with_an_atomic() -> Result<()> {
    for name in ["counter", "atomic"] {
        let args = ["--threads", "8", "--additions", "20000"];
        assert_eq!(lesson(name, &args)?.stdout, "Counter value: 160000\n", "{name}");
    }
    Ok(())
}

#[test]
fn a_daemon_ends_with_the_program_and_a_joined_thread_before_it() -> Result<()> {
    // Work that takes longer than the tests' limit: the program would not end in time if it waited.
    let alone = tests::run(tests::example(LESSON, "daemon", &[])?.env("PACE", "100"))?;
    assert_eq!(alone.stdout, "Daemon thread: started\nMain thread: done\n");
    let joined = lesson("daemon", &["--join"])?;
    let lines = "Daemon thread: started\nDaemon thread: finished\nMain thread: done\n";
    assert_eq!(joined.stdout, lines);
    Ok(())
}

#[test]
fn many_workers_take_every_item_of_the_queue_once() -> Result<()> {
    let done = lesson("work-queue", &["--items", "5000", "--workers", "8"])?;
    let items = done.stdout.lines().map(|line| {
        Ok(line.strip_prefix("Processing: ").context("another line")?.parse::<u32>()?)
    });
    let mut items = items.collect::<Result<Vec<_>>>()?;
    items.sort_unstable();
    assert!(items.into_iter().eq(0..5000));
    Ok(())
}

#[test]
fn gil_runs_the_ways_that_are_asked_in_their_order() -> Result<()> {
    let labels = |ways: &[&str]| -> Result<Vec<String>> {
        let done = lesson("gil", &[ways, &["--additions", "1000"]].concat())?;
        let label = |line: &str| line.split(':').next().unwrap_or_default().to_owned();
        Ok(done.stdout.lines().map(label).collect())
    };
    let (threads, sequential) = ("Time taken with threading", "Time taken sequentially");
    assert_eq!(labels(&["threads"])?, [threads]);
    assert_eq!(labels(&["sequential"])?, [sequential]);
    assert_eq!(labels(&["sequential", "threads"])?, [sequential, threads]);
    Ok(())
}

/// Pages behind a gate of three are answered only once three requests are in flight: fetched one
/// after the other, they would never come.
#[test]
fn pages_are_fetched_at_once() -> Result<()> {
    let site = Site::start()?;
    let pages = ["a", "b", "c"].map(|page| format!("{}/{page}?gate=3", site.base()));
    let done = lesson("web-scraping", &pages.each_ref().map(String::as_str))?;
    assert!(done.status.success(), "{}", done.stderr);
    assert_eq!((site.served(), site.in_flight_max()), (3, 3));
    Ok(())
}

#[test]
fn each_page_that_fails_is_named_with_its_cause_and_the_others_are_fetched() -> Result<()> {
    let site = Site::start()?;
    let base = site.base();
    // Bound and never accepting is not refused; bound and closed again is.
    let closed = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let faults = [
        (format!("{base}/a?fault=404"), "404 Not Found"),
        (format!("{base}/b?fault=503"), "503 Service Unavailable"),
        (format!("{base}/c?fault=reset"), "Connection reset by peer"),
        (format!("{base}/d?fault=truncated"), "end of file before message length reached"),
        (format!("{base}/e?fault=never"), "operation timed out"),
        (format!("{base}/f?latency=3600"), "operation timed out"),
        (format!("http://{closed}/g"), "Connection refused"),
        ("http://no-such-host.invalid/h".into(), "error sending request"),
    ];
    let fine =
        ["x", "y?fault=slow&latency=0.1", "z?fault=redirect"].map(|it| format!("{base}/{it}"));
    let mut args = vec!["--timeout", "3"];
    args.extend(faults.iter().map(|(url, _)| url.as_str()).chain(fine.iter().map(String::as_str)));
    let done = lesson("failing-pages", &args)?;
    assert_eq!(done.status.code(), Some(1));
    for (url, cause) in &faults {
        let report = format!("cannot fetch {url}: ");
        let line = done.stderr.lines().find(|line| line.starts_with(&report));
        let line = line.with_context(|| format!("no line {report:?} in {}", done.stderr))?;
        assert!(line.contains(cause), "{line:?} does not say {cause:?}");
    }
    for url in &fine {
        let line = format!("Fetched {url}, status code: 200\n");
        assert!(done.stdout.contains(&line), "no {line:?} in {}", done.stdout);
    }
    assert!(done.stderr.ends_with("error: 8 of 11 pages failed\n"), "{}", done.stderr);
    Ok(())
}

/// The first error that `join` gives ends the program; what it was is said.
#[test]
fn a_page_that_cannot_be_fetched_ends_the_slides_program_with_its_error() -> Result<()> {
    let site = Site::start()?;
    let page = format!("{}/a?fault=reset", site.base());
    let done = lesson("web-scraping", &[&page])?;
    assert_eq!((done.status.code(), &*done.stdout), (Some(1), ""));
    let start = format!("error: error sending request for url ({page})");
    assert!(done.stderr.starts_with(&start), "{}", done.stderr);
    assert!(done.stderr.contains("Connection reset by peer"), "{}", done.stderr);
    Ok(())
}

#[test]
fn a_page_is_fetched_by_https() -> Result<()> {
    // With reqwest's blocking client and its asynchronous one.
    [LESSON, "03-asyncio"].into_iter().try_for_each(fetched_by_https)
}

fn fetched_by_https(lesson: &str) -> Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let certified = rcgen::generate_simple_self_signed(["localhost".into()])?;
    let key = rustls::pki_types::PrivateKeyDer::try_from(certified.signing_key.serialize_der())
        .map_err(anyhow::Error::msg)?;
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)?;
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let url = format!("https://localhost:{}/", listener.local_addr()?.port());
    let server = thread::spawn(move || -> Result<()> {
        let (socket, _) = listener.accept()?;
        let session = rustls::ServerConnection::new(Arc::new(config))?;
        let mut stream = BufReader::new(rustls::StreamOwned::new(session, socket));
        let mut line = String::new();
        while stream.read_line(&mut line)? > 2 {
            line.clear();
        }
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";
        std::io::Write::write_all(stream.get_mut(), answer)?;
        Ok(())
    });
    let folder = tempfile::tempdir()?;
    let authority = folder.path().join("authority.pem");
    std::fs::write(&authority, certified.cert.pem())?;
    // The variable by which rustls, as OpenSSL, is told which authorities to trust.
    let mut command = tests::example(lesson, "web-scraping", &[&url])?;
    let done = tests::run(command.env("SSL_CERT_FILE", authority))?;
    assert!(done.stdout.starts_with(&format!("Fetched {url}, status code: 200\n")), "{done:?}");
    server.join().expect("the server does not panic")
}

#[test]
fn wrong_usage_names_the_argument_and_ends_with_2() -> Result<()> {
    let cases: [(&[&str], &[&str]); 13] = [
        (&["juggling"], &["'juggling'"]),
        (&["thread-names", "--workers", "0"], &["'0'", "--workers", "1..=1000"]),
        (&["thread-names", "--workers", "1000000"], &["'1000000'", "--workers", "1..=1000"]),
        (&["thread-names", "--workers", "-3"], &["'-3'", "--workers"]),
        (&["thread-names", "--workers", "three"], &["'three'", "--workers"]),
        (&["thread-names", "--wait", "-1"], &["'-1'", "--wait", "0 to 3600"]),
        (&["thread-names", "--wait", "NaN"], &["'NaN'", "--wait"]),
        (&["thread-names", "--wait", "1e300"], &["'1e300'", "--wait"]),
        (&["gil", "asynchronous"], &["'asynchronous'", "threads, sequential"]),
        (&["interleaving", "--to", "27"], &["'27'", "--to", "1..=26"]),
        (&["counter", "--threads", "99999999999999999999"], &["--threads"]),
        (&["web-scraping", "python.org"], &["'python.org'", "lab:NAME"]),
        (&["web-scraping", "ftp://python.org"], &["ftp: is not http or https"]),
    ];
    for (args, parts) in cases {
        let done = tests::run(tests::program("lesson-01-threading")?.args(args))?;
        assert_eq!(done.status.code(), Some(2), "{args:?}: {done:?}");
        assert_eq!(done.stdout, "", "{args:?}");
        for part in parts {
            assert!(done.stderr.contains(part), "{args:?}: no {part:?} in {}", done.stderr);
        }
    }
    Ok(())
}

#[test]
fn a_wrong_pace_is_named() -> Result<()> {
    for pace in ["0", "-1", "fast", "1e9", "NaN"] {
        let done = tests::run(tests::example(LESSON, "workers", &[])?.env("PACE", pace))?;
        assert_eq!(done.status.code(), Some(2), "{pace}");
        assert!(done.stderr.contains(&format!("PACE={pace:?}")), "{pace}: {}", done.stderr);
    }
    Ok(())
}

#[test]
fn a_timeline_that_cannot_be_written_is_named() -> Result<()> {
    let mut command = tests::example(LESSON, "workers", &[])?;
    let done = tests::run(command.env("LESSON_TIMELINE", "/no/such/folder/timeline"))?;
    assert_eq!(done.status.code(), Some(1));
    assert!(done.stderr.contains("/no/such/folder/timeline: No such file"), "{}", done.stderr);
    Ok(())
}

#[test]
fn the_timeline_has_a_span_for_each_worker_on_a_thread_of_its_own() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("timeline");
    let mut command = tests::example(LESSON, "thread-names", &["--workers", "3"])?;
    tests::run(command.env("LESSON_TIMELINE", &path))?;
    let text = std::fs::read_to_string(path)?;
    let lines = text.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    let mut spans: Vec<_> = lines.iter().filter(|line| line["kind"] == "span").collect();
    spans.sort_by_key(|span| span["thread"].to_string());
    let names: Vec<_> =
        spans.iter().map(|span| (&span["thread"], &span["fields"]["name"])).collect();
    let threads = ["Thread-1 (worker)", "Thread-2 (worker)", "Thread-3 (worker)"];
    let threads = threads.map(Value::from);
    let expected: Vec<_> = threads.iter().map(|name| (name, name)).collect();
    assert_eq!(names, expected);
    Ok(())
}

/// At once is long before the waits are over; how long it takes depends on what else the machine does.
#[test]
fn ctrl_c_ends_a_wait_at_once() -> Result<()> {
    for (name, first_line) in [("workers", "Worker"), ("daemon", "Daemon thread: started")] {
        let join: &[&str] = if name == "daemon" { &["--join"] } else { &[] };
        let mut child = tests::example(LESSON, name, join)?
            .env("PACE", "50")
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let mut stdout = BufReader::new(child.stdout.take().context("no output")?);
        let mut line = String::new();
        stdout.read_line(&mut line)?;
        assert!(line.starts_with(first_line), "{line}");
        let begin = Instant::now();
        killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT)?;
        stdout.read_to_string(&mut line)?;
        let status = child.wait()?;
        assert!(begin.elapsed() < tests::LONG_BEFORE, "{name}: {:?}", begin.elapsed());
        assert_eq!(status.signal(), Some(Signal::SIGINT as i32));
    }
    Ok(())
}

#[test]
fn a_closed_pipe_ends_a_lesson_quietly() -> Result<()> {
    let programs = tests::programs()?;
    let program = programs.get("lesson-01-threading").context("not built")?;
    for example in ["", "workers", "work-queue --items 100000"] {
        let mut shell = Command::new("bash");
        let script =
            format!("'{}' {example} | head -1; exit ${{PIPESTATUS[0]}}", program.display());
        let done = tests::run(shell.arg("-c").arg(script).env("PACE", tests::PACE.to_string()))?;
        assert_eq!((done.status.code(), &*done.stderr), (Some(0), ""), "{example:?}");
        assert_eq!(done.stdout.lines().count(), 1, "{example:?}");
    }
    Ok(())
}

#[test]
fn a_full_disk_is_a_failure_with_a_reason() -> Result<()> {
    let mut shell = Command::new("bash");
    let programs = tests::programs()?;
    let program = programs.get("lesson-01-threading").context("not built")?;
    let script = format!("'{}' work-queue > /dev/full", program.display());
    let done = tests::run(shell.arg("-c").arg(script))?;
    assert_eq!(done.status.code(), Some(1));
    assert!(done.stderr.contains("No space left on device"), "{}", done.stderr);
    Ok(())
}
