//! Input that nobody would send: answers of a hostile site and a hostile S3, keys, command lines. No program panics, makes
//! room for a length that somebody claims, or writes outside its folder.
//!
//! `PROPTEST_CASES=1000` tries so many of each at random.

use std::{env, fs, process::Command, time::Duration};

use anyhow::{Context, Result, ensure};
use proptest::{prelude::*, test_runner::TestRunner};
use tests::hostile::{Answer, Inner, serve, serve_each};
use xtask::{catalogue::Catalogue, lab::Lab};

/// Few, because each is a program to run.
fn runner(cases: u32) -> TestRunner {
    let cases = env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(cases);
    TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    })
}

/// Whoever fetches pages.
const CLIENTS: [(&str, &[&str]); 6] = [
    ("01-threading", &["web-scraping"]),
    ("01-threading", &["failing-pages", "--timeout", "2"]),
    ("03-asyncio", &["web-scraping"]),
    ("03-asyncio", &["page-sizes"]),
    ("03-asyncio", &["crawl", "--timeout", "2", "--retries", "0"]),
    (
        "05-patterns",
        &["grid", "network", "--tasks", "1", "--models", "sequential", "processes", "async"],
    ),
];

fn answers(head: &str, body: &[u8]) -> Answer {
    Answer::of(
        [b"HTTP/1.1 200 OK\r\nconnection: close\r\n", head.as_bytes(), b"\r\n", body].concat(),
    )
}

#[test]
fn a_hostile_site_is_an_error_or_a_page() -> Result<()> {
    let zip =
        Command::new("bash").args(["-c", "head -c 50000000 /dev/zero | gzip"]).output()?.stdout;
    ensure!(zip.starts_with(&[0x1f, 0x8b]) && zip.len() < 100_000, "no bomb");
    let bomb = format!("content-encoding: gzip\r\ncontent-length: {}\r\n", zip.len());
    let file = "HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n";
    let circle = "HTTP/1.1 302 Found\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n";
    // Whether all clients must fail, or those that read the page.
    let cases = [
        ("endless header", Answer::endless("HTTP/1.1 200 OK\r\nx: ", "x"), true),
        ("endless headers", Answer::endless("HTTP/1.1 200 OK\r\n", "x: y\r\n"), true),
        ("longer than it is", answers("content-length: 100\r\n", b"four"), false),
        ("2^63 bytes", answers("content-length: 9223372036854775808\r\n", b"four"), false),
        ("length of -1", answers("content-length: -1\r\n", b"four"), true),
        ("two lengths", answers("content-length: 4\r\ncontent-length: 9\r\n", b"four"), true),
        ("huge chunk", answers("transfer-encoding: chunked\r\n", b"fffffffffffffff0\r\nx"), false),
        ("no chunk", answers("transfer-encoding: chunked\r\n", b"fffffffffffffffff\r\nx"), false),
        ("gzip bomb", answers(&bomb, &zip), false),
        ("in a circle", Answer::of(circle), true),
        ("to a file", Answer::of(file), true),
        ("no HTTP", Answer::of("SSH-2.0-server\r\n\r\n"), true),
        ("nothing", Answer::default(), true),
    ];
    for (name, answer, fails) in cases {
        let base = serve(answer)?;
        for (lesson, args) in CLIENTS {
            let inner = Inner::new()?;
            let done = inner.run(lesson, args, &[("LAB_SITE", &base)]).context(name)?;
            let said = format!("{name}: {lesson} {args:?}: {done:?}");
            ensure!(!done.timed_out, "{said}");
            // web-scraping only asks for the status.
            let must_fail = fails || name != "gzip bomb" && args[0] != "web-scraping";
            // Where it may not follow, the redirect itself is the page.
            ensure!(name == "to a file" || done.status.success() != must_fail, "{said}");
            ensure!(!done.stdout.contains("root:"), "{said}");
        }
    }
    Ok(())
}

/// Only those that have a bound can be asked for a page without an end.
#[test]
fn a_page_without_an_end_is_given_up() -> Result<()> {
    let page = Answer::endless("HTTP/1.1 200 OK\r\n\r\n", "page");
    for (args, cause) in [
        (&["crawl", "--max-size", "1000000"][..], "more than 1000000 bytes"),
        (&["crawl", "--timeout", "1", "--max-size", "99999999999"], "not there after 1 s"),
    ] {
        let done = Inner::new()?.run("03-asyncio", args, &[("LAB_SITE", &serve(page.clone())?)])?;
        ensure!(done.status.code() == Some(1) && done.stderr.contains(cause), "{done:?}");
    }
    Ok(())
}

#[test]
fn any_bytes_in_place_of_an_answer_are_an_error_or_a_page() -> Result<()> {
    let bytes = prop::collection::vec(
        prop_oneof![any::<u8>(), prop::sample::select(&b"\r\n: 0"[..])],
        0..200,
    );
    let head = prop::sample::select(vec![
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: ",
    ]);
    let all = (head, bytes, 0..CLIENTS.len());
    let tried = runner(30).run(&all, |(head, bytes, client)| {
        let answer = Answer::of([head.as_bytes(), &bytes].concat());
        let base = serve(answer).expect("serve");
        let (lesson, args) = CLIENTS[client];
        let inner = Inner::new().expect("make folders");
        inner
            .run(lesson, args, &[("LAB_SITE", &base)])
            .map_err(|it| TestCaseError::fail(format!("{it:#}")))?;
        Ok(())
    });
    Ok(tried?)
}

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "any"), ("AWS_SECRET_ACCESS_KEY", "any")];

#[test]
fn a_hostile_s3_is_an_error_and_leaves_no_file() -> Result<()> {
    let object = "etag: \"e\"\r\nlast-modified: Wed, 21 Oct 2015 07:28:00 GMT\r\n";
    let list = |inside: &str| {
        let xml = format!("<ListBucketResult>{inside}</ListBucketResult>");
        answers(&format!("content-length: {}\r\n", xml.len()), xml.as_bytes())
    };
    let entry = |key: &str| {
        format!(
            "<Contents><Key>{key}</Key><LastModified>2015-10-21T07:28:00.000Z</LastModified><Size>9</Size></Contents>"
        )
    };
    let more = "<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>";
    let cases = [
        (
            "2^60 bytes",
            answers(&format!("{object}content-length: 1152921504606846976\r\n"), &[b'x'; 100_000]),
        ),
        ("2^64 bytes", answers(&format!("{object}content-length: 18446744073709551616\r\n"), b"x")),
        ("no length", answers(object, b"x")),
        ("no date", answers("etag: \"e\"\r\nlast-modified: soon\r\ncontent-length: 1\r\n", b"xy")),
        ("endless header", Answer::endless("HTTP/1.1 200 OK\r\netag: ", "e")),
        (
            "to a file",
            Answer::of(
                "HTTP/1.1 307 \r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n",
            ),
        ),
        ("cut XML", list("<Contents><Key>a</K")),
        ("up", list(&entry("../../up"))),
        ("NUL", list(&entry("a&#0;b"))),
        ("size", list(&entry("a").replace("<Size>9", "<Size>99999999999999999999999"))),
        ("for ever", list(&[more, &entry("a")].concat())),
        ("empty for ever", list(more)),
    ];
    for (name, answer) in cases {
        let endpoint = serve(answer)?;
        let to = ["--endpoint", &endpoint];
        let s3 = [
            ("04-futures", ["s3-download", "key"].to_vec()),
            ("04-futures", ["many-downloads", "key", "--timeout", "1"].to_vec()),
            ("06-distributed", ["word-count", "s3://bucket/"].to_vec()),
        ];
        for (lesson, args) in s3 {
            let inner = Inner::new()?;
            let done = inner.run(lesson, &[&args[..], &to].concat(), &KEYS).context(name)?;
            let said = format!("{name}: {args:?}: {done:?}");
            // Where the object is what was sent, a listing too, it is one.
            let whole = done.status.success() && args[0] != "word-count";
            ensure!(whole || done.status.code() == Some(1) && !done.timed_out, "{said}");
            ensure!(!done.stdout.contains("root:"), "{said}");
            let files = inner.take_files()?;
            ensure!(files.len() == usize::from(whole), "{said}: {files:?}");
        }
    }
    Ok(())
}

#[test]
fn an_object_that_is_not_what_the_listing_says_is_an_error() -> Result<()> {
    const LAST: &str = "18446744073709551615";
    let list = |size: &str| {
        Answer::of(format!(
            "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n<ListBucketResult><Contents><Key>a</Key>\
            <LastModified>2015-10-21T07:28:00.000Z</LastModified><Size>{size}</Size><ETag>\"e\"</ETag></Contents>\
            </ListBucketResult>"
        ))
    };
    let part = |range: &str, length: u64, body: &str| {
        Answer::of(format!(
            "HTTP/1.1 206 Partial Content\r\nconnection: close\r\netag: \"e\"\r\n\
            last-modified: Wed, 21 Oct 2015 07:28:00 GMT\r\n\
            content-range: bytes {range}\r\ncontent-length: {length}\r\n\r\n{body}"
        ))
    };
    let endless = Answer { forever: b"three ".repeat(1000), ..part("0-8/9", 1 << 60, "one two ") };
    let last = part(&format!("0-{LAST}/{LAST}"), 9, "one two 3");
    let cases = [
        ("as it is", "9", part("0-8/9", 9, "one two 3"), None),
        ("shorter", "9", part("0-8/9", 4, "one "), Some("4 of the 9 bytes")),
        ("nothing", "9", part("0-8/9", 0, ""), Some("0 of the 9 bytes")),
        ("longer", "9", part("0-8/9", 13, "one two three"), Some("more than the 9 bytes")),
        ("endless", "9", endless, Some("more than the 9 bytes")),
        ("of a larger one", "9", part("0-8/10", 9, "one two 3"), Some("another object")),
        ("from elsewhere", "9", part("1-9/10", 9, "one two 3"), Some("got 1..10")),
        ("no range", "9", part("all", 9, "one two 3"), Some("CONTENT_RANGE")),
        ("to the last number", "9", last, Some("range")),
        ("of 2^64 bytes", LAST, part("0-8/9", 9, "one two 3"), Some("chunks are more than")),
    ];
    for (name, size, part, cause) in cases {
        let listing = list(size);
        let endpoint =
            serve_each(
                move |request| {
                    if request.contains("list-type") { listing.clone() } else { part.clone() }
                },
            )?;
        for on in ["threads", "processes"] {
            let inner = Inner::new()?;
            let args = ["word-count", "s3://bucket/", "--endpoint", &endpoint, "--on", on];
            let done = inner.run("06-distributed", &args, &KEYS).context(name)?;
            let said = format!("{name}: {args:?}: {done:?}");
            ensure!(!done.timed_out, "{said}");
            match cause {
                Some(cause) => {
                    ensure!(done.status.code() == Some(1), "{said}");
                    ensure!(done.stderr.contains(cause), "no {cause:?} in {said}");
                }
                None => ensure!(done.stdout.contains("9 bytes, 3 words"), "{said}"),
            }
        }
    }
    Ok(())
}

/// Whoever reads files as text.
const READERS: [(&str, &[&str]); 7] = [
    ("04-futures", &["files"]),
    ("04-futures", &["many-files"]),
    ("05-patterns", &["failing-files", "--sums", "1", "--"]),
    ("06-distributed", &["sharing", "--counts", "dashmap"]),
    ("06-distributed", &["word-count"]),
    ("06-distributed", &["word-count", "--on", "processes"]),
    ("06-distributed", &["word-count", "--chunk", "100"]),
];

#[test]
fn text_of_every_byte_and_without_white_space_is_read_or_refused() -> Result<()> {
    let all: Vec<u8> = (0..=u8::MAX).collect();
    let solid: Vec<u8> =
        all.iter().copied().filter(|byte| !matches!(byte, b'\t'..=b'\r' | b' ')).collect();
    const LONGEST: usize = 1 << 20;
    let cases = [
        ("every byte", all, Some("256 bytes, 3 words")),
        ("no white space", solid.clone(), Some("250 bytes, 1 words")),
        ("a long word", vec![0xff; LONGEST], Some("1048576 bytes, 1 words")),
        ("too long a word", vec![b'x'; LONGEST + 1], None),
        ("nothing", Vec::new(), Some("0 bytes, 0 words")),
        ("white space", b" \n\t\x0b".repeat(1000), Some("4000 bytes, 0 words")),
    ];
    for (name, text, counted) in cases {
        for (lesson, args) in READERS {
            let inner = Inner::new()?;
            let file = inner.path.join("file");
            fs::write(&file, &text)?;
            let file = file.to_str().context("a path")?;
            let done = inner.run(lesson, &[args, &[file]].concat(), &[]).context(name)?;
            let said = format!("{name}: {lesson} {args:?}: {done:?}");
            ensure!(!done.timed_out, "{said}");
            ensure!(inner.take_files()? == ["file"], "{said}");
            if args[0] == "word-count" {
                ensure!(done.status.success() == counted.is_some(), "{said}");
                ensure!(done.stdout.contains(counted.unwrap_or_default()), "{said}");
            }
        }
    }
    Ok(())
}

/// Downloads it with both programs: into the folder, or not at all.
fn download(lab: &Lab, key: &str) -> Result<()> {
    let environment: Vec<_> = lab.environment().collect();
    for name in ["s3-download", "many-downloads"] {
        let inner = Inner::new()?;
        let done = inner.run("04-futures", &[name, "--", key], &environment)?;
        ensure!(!done.timed_out, "{name} {key:?}: {done:?}");
        let files = inner.take_files()?;
        let well = files.len() == usize::from(done.status.success())
            && files.iter().all(|file| file.starts_with("downloaded_"));
        ensure!(well, "{name} {key:?}: {files:?}, {done:?}");
    }
    Ok(())
}

#[test]
fn an_object_of_any_key_goes_into_the_folder_or_is_refused() -> Result<()> {
    let lab = Lab::start(tests::programs()?, None)?;
    let long = "x".repeat(1024);
    let keys = [
        "",
        "/",
        ".",
        "..",
        "../up",
        "a/..",
        "a/../b",
        "/etc/passwd",
        "a//b",
        "%2e%2e%2fup",
        "..\\up",
        "é/ü",
        "a\nb",
        "\u{202e}",
        "~",
        "-",
        "a?b=c",
        "a#b",
        &long,
        &long[..240],
    ];
    for key in keys {
        download(&lab, key)?;
        download(&lab, &format!("made/10/{key}"))?;
    }
    let key = prop_oneof!["[./%a-z\\\\]{1,20}", "[^\0]{1,60}"];
    let tried = runner(20).run(&key, |key| {
        let key = key.replace('\0', "");
        download(&lab, &format!("made/10/{key}"))
            .map_err(|it| TestCaseError::fail(format!("{it:#}")))
    });
    Ok(tried?)
}

#[test]
fn any_command_line_is_run_or_refused() -> Result<()> {
    let lab = Lab::start(tests::programs()?, None)?;
    let environment: Vec<_> = lab.environment().collect();
    let examples = Catalogue::load()?.examples;
    let mut words = vec![
        "-1",
        "0",
        "1",
        "2",
        "1e309",
        "nan",
        "inf",
        "0x10",
        "99999999999999999999",
        "",
        "-",
        "--",
        "=",
        "A=1",
        "A=nan",
        "1x1",
        "0x0",
        "lab:",
        "lab:a?size=-1",
        "http://",
        "file:///etc/passwd",
        "s3://",
        "df://x",
        "threads",
        "--wait",
        "--size",
        "--count",
        "--numbers",
        "--timeout",
        "--tasks",
        "--on",
        "--seed",
        "--items",
        "--at-once",
        "--processes",
        "--workers",
        "--panic",
        "--exit",
        "--fail",
        "--chunk",
        "--top",
        "--capacity",
        "--list",
        "--help",
    ];
    words.sort_unstable();
    let word =
        prop_oneof![4 => prop::sample::select(words).prop_map(String::from), 1 => "[^\0]{0,12}"];
    let all = (0..examples.len(), prop::collection::vec(word, 0..5));
    let tried = runner(150).run(&all, |(at, words)| {
        let words: Vec<_> = words.iter().map(|word| word.replace('\0', "")).collect();
        let args: Vec<_> =
            [&*examples[at].name].into_iter().chain(words.iter().map(|it| &**it)).collect();
        let mut inner = Inner::new().expect("make folders");
        // What is still at work then has taken its command line.
        inner.limit = Duration::from_secs(1);
        let done = inner.run(&examples[at].lesson, &args, &environment);
        done.map(drop).map_err(|it| TestCaseError::fail(format!("{it:#}")))
    });
    Ok(tried?)
}
