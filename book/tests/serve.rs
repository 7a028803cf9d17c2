//! The server under attack: each of its protections, tried.

mod made;

use std::{collections::BTreeMap, fs, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use book::serve::Bounds;
use made::{
    asked::Asked,
    server::{Running, left_of, start, wait_until, with_argument},
};
use serde_json::json;

#[test]
fn only_its_own_pages_with_its_token_may_run_something() -> Result<()> {
    let server = start(Bounds::default(), false)?;
    let good = || Asked::new(&server).run("01-threading/workers", &[], "rust");
    let told = good().send()?;
    ensure!(told.code == 200 && told.text.contains("\"kind\":\"picture\""), "{told:?}");

    let (port, other) = (server.port, start(Bounds::default(), false)?);
    let foreign = format!("example.org:{port}");
    let wrong = [
        ("another host", good().header("Host", &foreign)),
        (
            "another host and its origin",
            good().header("Host", &foreign).header("Origin", &format!("http://{foreign}")),
        ),
        ("another port", good().header("Host", "127.0.0.1:1")),
        ("no port", good().header("Host", "127.0.0.1")),
        ("another site", good().header("Origin", "http://example.org")),
        (
            "another server here",
            good().header("Origin", &format!("http://127.0.0.1:{}", other.port)),
        ),
        ("the same, but secure", good().header("Origin", &format!("https://127.0.0.1:{port}"))),
        ("a page on the disk", good().header("Origin", "null")),
        ("no page", good().without("Origin")),
        ("no token", good().without("x-book-token")),
        ("an empty token", good().header("x-book-token", "")),
        ("half a token", good().header("x-book-token", &server.token[..32])),
        ("another server's token", good().header("x-book-token", &other.token)),
        (
            "to stop, without a token",
            Asked::new(&server).to("/stop", &json!({"id": 1})).without("x-book-token"),
        ),
    ];
    for (what, asked) in wrong {
        let told = asked.send()?;
        ensure!(told.code == 403, "{what}: {told:?}");
        ensure!(!told.text.contains("kind"), "{what}: {told:?}");
    }
    // As a form of another page would send it, and what is no request at all.
    let told = good().header("content-type", "text/plain").send()?;
    ensure!(told.code == 415, "{told:?}");
    let told =
        Asked::new(&server).to("/run", &json!({"example": "01-threading/workers"})).send()?;
    ensure!(told.code == 422, "{told:?}");
    let long = "x".repeat(100_000);
    let told = Asked::new(&server).run("01-threading/workers", &[&long], "rust").send()?;
    ensure!(told.code == 413, "{told:?}");
    // The book itself is shown to nobody who came by another name, either.
    let told = Asked::new(&server).get("/").header("Host", &foreign).send()?;
    ensure!(told.code == 403, "{told:?}");
    Ok(())
}

#[test]
fn only_examples_of_the_catalogue_run_and_within_the_scratch_folder() -> Result<()> {
    let server = start(Bounds::default(), false)?;
    for name in [
        "",
        "gil",
        "01-threading",
        "01-threading/none",
        "06-distributed/scheduler",
        "01-threading/gil --help",
        "../01-threading/gil",
        "/bin/sh",
    ] {
        let told = Asked::new(&server).run(name, &[], "rust").send()?;
        ensure!(told.code == 422 && told.text.contains("no example"), "{name}: {told:?}");
    }
    for arg in [
        "/etc/passwd",
        "../secret",
        "a/../../secret",
        "..",
        "--out=/tmp",
        "--out=../up",
        "-o/tmp",
        "-o..",
        "--out/etc=x",
        "A=/etc/passwd",
        "a,/etc/passwd",
        "~/secret",
        "--into=~",
        "\\\\host\\share",
        "a\\..\\b",
        "http://example.org",
        "HTTPS://example.org",
        "http:example.org",
        "ht\ttp://example.org",
        "file:///etc/passwd",
        "s3://bucket/prefix",
        "df://example.org:1",
        "example.org:80",
        "//example.org",
        "lab://example.org",
        "lab:/../x",
        "lab:..",
        "--endpoint=http://example.org",
        "--on=df://example.org:1",
        "zero\0byte",
        "line\nbreak",
    ] {
        for place in [vec![arg], vec!["--out", arg], vec!["A", "--", arg]] {
            let told = Asked::new(&server).run("03-asyncio/web-scraping", &place, "rust").send()?;
            ensure!(told.code == 422, "{place:?}: {told:?}");
            ensure!(!told.text.contains("kind"), "{place:?}: {told:?}");
        }
    }
    let many = vec!["A"; 1000];
    let told = Asked::new(&server).run("01-threading/workers", &many, "rust").send()?;
    ensure!(told.code == 422, "{told:?}");
    // What the examples do take is taken.
    for (name, args) in [
        ("03-asyncio/web-scraping", vec!["lab:a", "lab:b"]),
        ("03-asyncio/event-loop", vec!["A=0.1", "B=0"]),
        ("01-threading/gil", vec!["threads", "--additions", "1000"]),
    ] {
        let told = Asked::new(&server).run(name, &args, "rust").send()?;
        ensure!(told.code == 200 && told.text.contains("done after"), "{name}: {told:?}");
    }
    let trusting = start(Bounds::default(), true)?;
    let file = tempfile::NamedTempFile::new()?;
    let path = file.path().to_string_lossy().into_owned();
    let told = Asked::new(&trusting).run("04-futures/files", &[&path], "rust").send()?;
    ensure!(told.code == 200 && told.text.contains(&path), "{told:?}");
    Ok(())
}

#[test]
fn no_shell_reads_the_arguments() -> Result<()> {
    let server = start(Bounds::default(), false)?;
    let names = ["$(id)", "`id`", "; id", "| id", "&& id", "> out", "*", "$HOME", "'", "\""];
    for languages in ["rust", "python"] {
        let told = Asked::new(&server).run("01-threading/workers", &names, languages).send()?;
        ensure!(told.code == 200, "{told:?}");
        for name in names {
            ensure!(told.printed().contains(name), "{languages} {name}: {}", told.printed());
        }
        ensure!(!told.printed().contains("uid="), "{}", told.printed());
    }
    Ok(())
}

#[test]
fn what_is_too_much_is_stopped_and_the_page_is_told() -> Result<()> {
    let bounds = Bounds::default();
    let little = start(Bounds { output: 100, ..bounds }, false)?;
    let names: Vec<_> = (0..100).map(|number| number.to_string()).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let told = Asked::new(&little).run("01-threading/workers", &names, "rust").send()?;
    ensure!(told.text.contains("may print 100 bytes"), "{told:?}");
    ensure!(told.printed().len() == 100, "{}", told.printed());

    let short = start(Bounds { time: Duration::from_millis(500), ..bounds }, false)?;
    for languages in ["rust", "python"] {
        let told =
            Asked::new(&short).run("03-asyncio/event-loop", &["A=3600"], languages).send()?;
        ensure!(told.text.contains("may take 0.5 s"), "{told:?}");
        ensure!(told.text.contains("stopped after") && told.text.contains("<svg"), "{told:?}");
    }

    let few = start(Bounds { processes: 3, ..bounds }, false)?;
    let told =
        Asked::new(&few).run("02-multiprocessing/workers", &["a", "b", "c", "d"], "rust").send()?;
    ensure!(told.text.contains("may have 3 processes"), "{told:?}");

    let alone = start(Bounds { at_once: 1, ..bounds }, false)?;
    let long = || Asked::new(&alone).run("03-asyncio/event-loop", &["alone=3600"], "rust");
    let mut first = long().begin()?;
    let id = first.until("\"kind\":\"start\"")?;
    let told = long().send()?;
    ensure!(told.code == 429 && told.text.contains("no more than 1 run at once"), "{told:?}");
    let told = Asked::new(&alone).to("/stop", &json!({ "id": id + 1 })).send()?;
    ensure!(told.code == 404, "{told:?}");
    let told = Asked::new(&alone).to("/stop", &json!({ "id": id })).send()?;
    ensure!(told.code == 204, "{told:?}");
    let text = first.rest()?;
    ensure!(text.contains("stopped after") && text.contains("<svg"), "{text}");
    ensure!(!text.contains("signal"), "what a reader stopped has not failed: {text}");
    wait_until(|| Ok(with_argument("alone=3600")?.is_empty()))?;
    // There is room again.
    let told = Asked::new(&alone).run("01-threading/workers", &[], "rust").send()?;
    ensure!(told.code == 200, "{told:?}");
    Ok(())
}

#[test]
fn a_lost_page_ends_its_run_and_a_failing_program_says_so() -> Result<()> {
    let server = start(Bounds::default(), false)?;
    let args = ["lost=3600"];
    let mut run = Asked::new(&server).run("03-asyncio/event-loop", &args, "both").begin()?;
    run.until("\"kind\":\"text\"")?;
    ensure!(!with_argument("lost=3600")?.is_empty(), "nothing runs");
    drop(run);
    wait_until(|| Ok(with_argument("lost=3600")?.is_empty()))?;
    let told =
        Asked::new(&server).run("03-asyncio/cancel", &["A=0.1", "--fail", "A"], "both").send()?;
    ensure!(told.text.matches("\"failed\":true").count() == 2, "{told:?}");
    ensure!(told.printed().contains("task A failed"), "{}", told.printed());
    Ok(())
}

#[test]
fn gil_runs_in_both_languages_and_its_picture_shows_the_lock() -> Result<()> {
    let server = start(Bounds::default(), false)?;
    let args = ["threads", "--additions", "3000000"];
    let told = Asked::new(&server).run("01-threading/gil", &args, "both").send()?;
    ensure!(told.texts("text").len() == 2, "{told:?}");
    let pictures = told.texts("svg");
    let picture = pictures.first().context("no picture")?;
    for number in 1..=4 {
        let lane = format!("aria-label=\"cpu_bound_task {number}: ");
        ensure!(picture.matches(&lane).count() >= 2, "not two lanes of thread {number}: {told:?}");
    }
    let ends = told.texts("end");
    let [rust, python] = &ends[..] else { bail!("not two programs: {ends:?}") };
    ensure!(rust.starts_with("done after"), "{rust}");
    // With a lock, whatever else the machine does: hardly ever two of them at once.
    if let Some((_, share)) = python.split_once("cores in use ") {
        let digits: String = share.chars().take_while(char::is_ascii_digit).collect();
        ensure!(digits.parse::<u32>()? < 20, "{python}");
    }
    Ok(())
}

#[test]
fn the_server_adds_the_button_and_no_page_has_the_token() -> Result<()> {
    let server = start(Bounds::default(), false)?;
    let page = Asked::new(&server).get("/01-threading/gil.html").send()?;
    ensure!(
        page.code == 200 && page.text.contains("data-example=\"01-threading/gil\""),
        "{page:?}"
    );
    let script = Asked::new(&server).get("/run.js").send()?;
    ensure!(script.code == 200, "{script:?}");
    for told in [&page, &script] {
        ensure!(!told.text.contains(&server.token), "{told:?}");
    }
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(server.book.path().join("01-threading"))? {
        let path = entry?.path();
        files.insert(path.clone(), fs::read_to_string(path)?);
    }
    ensure!(!files.is_empty() && files.values().all(|text| !text.contains("run.js")), "{files:?}");
    for place in [
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/01-threading/../../Cargo.toml",
        "//etc/passwd",
        "/link.html",
        "/none",
    ] {
        let told = Asked::new(&server).get(place).send()?;
        ensure!(told.code == 404, "{place}: {told:?}");
    }
    Ok(())
}

#[test]
fn ctrl_c_ends_the_server_and_all_its_runs() -> Result<()> {
    let mut program = Running::start()?;
    let (port, token) = (program.port, program.token.clone());
    let asked = || Asked::at(port, &token);
    let run = asked().run("03-asyncio/event-loop", &["A=3600"], "rust");
    let mut run = run.begin()?;
    run.until("\"kind\":\"text\"")?;
    ensure!(!left_of(program.pid())?.is_empty(), "nothing runs");
    program.interrupt()?;
    let status = program.end()?;
    ensure!(status.success(), "{status}");
    let folders = || {
        let entries = fs::read_dir(xtask::cargo::target().join("trace"))?;
        let of_ours = format!("run-{}-", program.pid());
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let names = names.collect::<Result<Vec<_>>>()?;
        Ok::<_, anyhow::Error>(names.into_iter().any(|name| name.starts_with(&of_ours)))
    };
    ensure!(!folders()?, "its folder is left");
    ensure!(left_of(program.pid())?.is_empty(), "a program is left");
    asked().get("/").send().err().context("it still answers")?;
    Ok(())
}
