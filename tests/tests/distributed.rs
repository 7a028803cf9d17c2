//! Lesson 06 without its cluster: the same answer whatever it runs on, and what happens when things
//! fail.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    net::TcpListener,
    os::unix::{fs::symlink, net::UnixListener, process::CommandExt},
    path::Path,
    process::Stdio,
};

use anyhow::{Context, Result};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use serde_json::Value;
use snapbox::{Assert, Data, data::DataFormat};
use xtask::{
    bench_all::measure::Run,
    catalogue::{Catalogue, root},
    child::Finished,
    lab::Lab,
    python,
};

const LESSON: &str = "06-distributed";

/// All that counts the words of any input, and all that it can run on.
const WAYS: [&[&str]; 9] = [
    &["word-count"],
    &["word-count", "--workers", "1"],
    &["word-count", "--workers", "5"],
    &["word-count", "--on", "processes"],
    &["word-count", "--on", "processes", "--workers", "1"],
    &["word-count", "--on", "processes", "--workers", "3"],
    &["sharing", "--counts", "merged", "--workers", "4"],
    &["sharing", "--counts", "dashmap", "--workers", "4"],
    &["sharing", "--counts", "mutex", "--workers", "4"],
];

fn lesson(name: &str, args: &[&str]) -> Result<Finished> {
    tests::run(&mut tests::example(LESSON, name, args)?)
}

/// One of [`WAYS`], or the like, with further arguments.
fn count(input: &Path, way: &[&str], args: &[&str]) -> Result<Finished> {
    let mut command = tests::example(LESSON, way[0], &way[1..])?;
    tests::run(command.args(args).arg(input))
}

/// Fails with exit code 1, no output, and this in its error.
fn assert_fails(done: &Finished, parts: &[&str]) {
    assert_eq!((done.status.code(), &*done.stdout), (Some(1), ""), "{done:?}");
    for part in parts {
        assert!(done.stderr.contains(part), "no {part:?} in {}", done.stderr);
    }
}

/// What a word-count should print, by the plainest means.
fn expected(texts: &[&[u8]], top: usize) -> Result<String> {
    let is_space = |byte: &u8| b" \t\n\x0b\x0c\r".contains(byte);
    let mut counts = BTreeMap::<&[u8], u64>::new();
    for word in texts.iter().flat_map(|text| text.split(is_space)).filter(|it| !it.is_empty()) {
        *counts.entry(word).or_default() += 1;
    }
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let words: u64 = counts.values().sum();
    let mut lines = format!("{bytes} bytes, {words} words, {} of them distinct\n", counts.len());
    let no_utf8 = counts.iter().filter(|(word, _)| str::from_utf8(word).is_err());
    let no_utf8: u64 = no_utf8.map(|(_, times)| times).sum();
    if no_utf8 > 0 {
        writeln!(lines, "{no_utf8} words are not UTF-8")?;
    }
    let mut ranking: Vec<_> = counts.into_iter().collect();
    ranking.sort_by_key(|(_, times)| u64::MAX - times); // stable: ties stay in the words' order
    for (word, times) in ranking.into_iter().take(top) {
        let shown: String = word
            .utf8_chunks()
            .flat_map(|part| {
                let invalid = part.invalid().iter().map(|byte| format!("\\x{byte:02x}"));
                [part.valid().to_owned()].into_iter().chain(invalid)
            })
            .collect();
        writeln!(lines, "{times:>12} {shown}")?;
    }
    Ok(lines)
}

/// Few different words of all bytes, of lengths up to 20, and some far longer than a chunk.
fn noise(length: usize) -> Vec<u8> {
    let mut state = length as u64 + 1;
    let mut next = |below: u64| {
        // Knuth's MMIX generator.
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut text = Vec::new();
    while text.len() < length {
        let byte = if next(20) == 0 { next(256) as u8 } else { b'a' + next(4) as u8 };
        let repeat = if next(500) == 0 { 6000 } else { next(20) as usize };
        text.extend(std::iter::repeat_n(byte, repeat));
        text.push(b" \n\t\r\x0b\x0c"[next(6) as usize]);
    }
    text.truncate(length);
    text
}

#[test]
fn a_word_count_is_the_same_whatever_it_runs_on() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("noise");
    let text = noise(300_000);
    fs::write(&file, &text)?;
    let expected = expected(&[&text], 100)?;
    assert!(expected.contains("words are not UTF-8") && expected.contains("\\x"), "{expected}");
    for way in WAYS {
        for chunk in ["1000", "4096", "65537", "1048576"] {
            let done = count(&file, way, &["--top", "100", "--chunk", chunk])?;
            assert_eq!((&*done.stdout, &*done.stderr), (&*expected, ""), "{way:?}, {chunk}");
        }
    }
    Ok(())
}

/// The slide's idea on text, and what goes beyond it.
#[test]
fn every_example_that_counts_words_counts_the_same_in_both_languages() -> Result<()> {
    let path = root().join("tests/expected").join(LESSON).join("map-reduce.txt");
    let same = |printed: String, what: &str| -> Result<()> {
        let expected = Data::read_from(&path, Some(DataFormat::Text));
        let assert = Assert::new().action_env("SNAPSHOTS").normalize_paths(false);
        assert.try_eq(Some(&what), Data::text(printed), expected).context(what.to_owned())
    };
    let catalogue = Catalogue::load()?;
    let python = python::ready();
    if let Err(error) = &python {
        eprintln!("the twins are not tested, for want of Python: {error:#}");
    }
    let size = ["--size", "4194304"];
    for way in [&["map-reduce"][..]].iter().chain(&WAYS) {
        let (name, args) = (way[0], [&way[1..], &size].concat());
        same(lesson(name, &args)?.stdout, &format!("{way:?}"))?;
        if let Ok(python) = &python {
            let mut twin = python.command(&catalogue.example(LESSON, name)?.twin());
            let done = tests::run(twin.args(&args))?;
            same(done.stdout, &format!("{way:?}, in Python: {}", done.stderr))?;
        }
    }
    Ok(())
}

#[test]
fn texts_without_words_and_without_an_end_are_counted() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("text");
    for text in [&b""[..], b" ", b"\n\n \t\x0b\x0c\r", b"word", b" word", b"a b a", b"\xff \xfe\n"]
    {
        fs::write(&file, text)?;
        for way in WAYS {
            let done = count(&file, way, &[])?;
            assert_eq!((done.stdout, &*done.stderr), (expected(&[text], 10)?, ""), "{way:?}");
        }
    }
    Ok(())
}

#[test]
fn folders_are_counted_with_all_that_is_in_them() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let inner = folder.path().join("b/c");
    fs::create_dir_all(&inner)?;
    // Words do not go on from one file to the next.
    let texts = [noise(5000), b"half".to_vec(), Vec::new(), b"way\n".to_vec()];
    let files = ["a", "b/c/d", "b/e", "f"];
    for (file, text) in files.iter().zip(&texts) {
        fs::write(folder.path().join(file), text)?;
    }
    let texts: Vec<_> = texts.iter().map(|text| &text[..]).collect();
    for way in WAYS {
        let done = count(folder.path(), way, &[])?;
        assert_eq!(done.stdout, expected(&texts, 10)?, "{way:?}: {}", done.stderr);
    }
    Ok(())
}

#[test]
fn the_twin_counts_the_same_bytes_alike() -> Result<()> {
    let python = match python::ready() {
        Ok(python) => python,
        Err(error) => {
            eprintln!("not tested, for want of Python: {error:#}");
            return Ok(());
        }
    };
    let folder = tempfile::tempdir()?;
    let twin = Catalogue::load()?.example(LESSON, "word-count")?.twin();
    for (text, chunk) in [(noise(100_000), "999"), (noise(50_000), "1048576"), (Vec::new(), "1")] {
        let file = folder.path().join("noise");
        fs::write(&file, &text)?;
        let mut command = python.command(&twin);
        let done = tests::run(command.args(["--top", "50", "--chunk", chunk]).arg(&file))?;
        assert_eq!(done.stdout, expected(&[&text], 50)?, "{}", done.stderr);
    }
    Ok(())
}

#[test]
fn sharing_times_every_way_on_one_thread_and_on_all() -> Result<()> {
    let done = lesson("sharing", &["--size", "1000000", "--workers", "3"])?;
    let rows: Vec<Vec<_>> =
        done.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    let first: Vec<_> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(first, ["seconds", "merged", "dashmap", "mutex"], "{done:?}");
    assert_eq!(rows[0][1..], ["1", "thread", "3", "threads", "speed-up"]);
    for row in &rows[1..] {
        let numbers = row[1..].iter().map(|text| text.parse()).collect::<Result<Vec<f64>, _>>()?;
        assert!(numbers.len() == 3 && numbers.iter().all(|number| *number > 0.0), "{row:?}");
    }
    Ok(())
}

#[test]
fn a_bag_is_added_up_wherever_it_is() -> Result<()> {
    for (numbers, sum) in [
        (&[][..], "385"),
        (&["0"], "0"),
        (&["-3", "4"], "25"),
        (&["2147483647", "-2147483648", "2147483647"], "13835058046692229122"),
    ] {
        for on in ["threads", "processes"] {
            let done = lesson("bag", &[numbers, &["--on", on]].concat())?;
            assert_eq!(done.stdout, format!("Sum of squared numbers: {sum}\n"), "{done:?}");
        }
    }
    Ok(())
}

#[test]
fn one_to_n_is_added_up_wherever_it_is() -> Result<()> {
    // At the ends of a task's block, and the most that there may be.
    for last in [1_i128, 262_144, 262_145, 1_000_000_000] {
        let sum = last * (last + 1) * (2 * last + 1) / 6;
        let first = last.to_string();
        for on in ["threads", "processes"] {
            let done = lesson("bag", &["--first", &first, "--on", on])?;
            assert_eq!(done.stdout, format!("Sum of squared numbers: {sum}\n"), "{done:?}");
        }
    }
    let done = lesson("bag", &["--first", "262145", "--from-memory"])?;
    assert_eq!(done.stdout, "Sum of squared numbers: 6004902582943745\n", "{done:?}");
    Ok(())
}

#[test]
fn a_gpu_is_asked_for_where_there_is_none() -> Result<()> {
    for args in [&["--on", "gpu"][..], &["--first", "3", "--on", "gpu"], &["--list-gpus"]] {
        let parts = ["without the GPU", "-p lesson-06-distributed --features gpu -- "];
        assert_fails(&lesson("bag", args)?, &parts);
    }
    Ok(())
}

/// CuPy as the twin uses it, in Python's own numbers, which must fit into 64 bits as they do on a card.
const CUPY: &str = r#"
def fits(number):
    assert 0 <= number < 2**64, number
    return number

class uint64:
    def __init__(self, numbers, of=int):
        self.numbers, self.of = numbers, of

    def then(self, function):
        return uint64(self.numbers, lambda number: fits(function(self.of(number))))

    __pow__ = lambda self, power: self.then(lambda number: number**power)
    __and__ = lambda self, mask: self.then(lambda number: number & mask)
    __rshift__ = lambda self, bits: self.then(lambda number: number >> bits)
    sum = lambda self: fits(sum(map(self.of, self.numbers)))

def arange(begin, end, dtype):
    return dtype(range(begin, end))

class cuda:
    class runtime:
        CUDARuntimeError = RuntimeError

        def getDeviceCount():
            if not CARDS:
                raise RuntimeError("cudaErrorNoDevice: no CUDA-capable device is detected")
            return CARDS
"#;

#[test]
fn the_twin_for_a_card_adds_exactly_or_says_what_is_missing() -> Result<()> {
    let Ok(python) = python::ready() else { return Ok(()) };
    let twin = root().join("06-distributed/python/bag_cupy.py");
    let folder = tempfile::tempdir()?;
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text);
    let run = |first: i128| {
        let mut command = python.command(&twin);
        command.args(["--first", &first.to_string()]).env("PYTHONPATH", folder.path());
        tests::run(&mut command)
    };
    // A driver that can be loaded, and a card.
    let driver = "import ctypes\nctypes.CDLL = lambda name: name\n";
    write("sitecustomize.py", driver)?;
    write("cupy.py", &format!("CARDS = 1\n{CUPY}"))?;
    // One more than are in the card's memory at once.
    for last in [1, 10, (1 << 22) + 1] {
        let sum = last * (last + 1) * (2 * last + 1) / 6;
        let done = run(last)?;
        assert_eq!(done.stdout, format!("Sum of squared numbers: {sum}\n"), "{done:?}");
    }
    write("cupy.py", &format!("CARDS = 0\n{CUPY}"))?;
    assert_ends_with(&run(10)?, "ImportError: no CUDA: cudaErrorNoDevice")?;
    write("cupy.py", "raise ModuleNotFoundError\n")?;
    assert_ends_with(&run(10)?, "ImportError: No module named 'cupy': ")?;
    write(
        "sitecustomize.py",
        &driver.replace("lambda name: name", "lambda name: open('/no/driver')"),
    )?;
    assert_ends_with(&run(10)?, "ImportError: no CUDA: ")
}

/// Fails with this in its last line, which is the one that `bench-all` shows.
fn assert_ends_with(done: &Finished, begin: &str) -> Result<()> {
    let last = done.stderr.lines().last().context("no error")?;
    assert!(done.status.code() == Some(1) && last.starts_with(begin), "{done:?}");
    Ok(())
}

#[test]
fn what_cannot_be_read_is_named() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let inside = |name: &str| folder.path().join(name);
    fs::create_dir_all(inside("empty/in/it"))?;
    fs::create_dir(inside("dangling"))?;
    symlink("nowhere", inside("dangling/link"))?;
    let _socket = UnixListener::bind(inside("socket"))?;
    for (name, path, cause) in [
        ("missing", "missing", "No such file or directory"),
        ("empty", "empty/in/it", "there are no files in"),
        ("dangling", "dangling/link", "No such file or directory"),
        ("socket", "socket", "it is neither a file nor a folder"),
    ] {
        for on in ["threads", "processes"] {
            let done = count(&inside(name), &["word-count", "--on", on], &[])?;
            assert_fails(&done, &[&inside(path).to_string_lossy(), cause]);
        }
    }
    Ok(())
}

#[test]
fn too_long_a_word_is_an_error_with_its_place() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("binary");
    fs::write(&file, [b"one two ", &vec![b'x'; 3 << 20][..], b" three"].concat())?;
    let report = format!("{}: the word at byte 8 is longer than 1048576 bytes", file.display());
    for way in WAYS {
        for chunk in ["100000", "1048576", "100000000"] {
            assert_fails(&count(&file, way, &["--chunk", chunk])?, &[&report]);
        }
    }
    Ok(())
}

#[test]
fn without_the_cluster_its_address_and_its_roles_say_how_to_get_it() -> Result<()> {
    let address = ["--on", "df://localhost:50050"];
    for args in [&["bag"][..], &["word-count", "--size", "1000"]] {
        let done = lesson(args[0], &[&args[1..], &address].concat())?;
        assert_fails(
            &done,
            &["df://localhost:50050", "-p lesson-06-distributed --features ballista"],
        );
    }
    let done = lesson("bag", &["--on", "cluster"])?;
    assert_fails(&done, &["cannot run on a cluster", "--features ballista"]);
    for role in [&["scheduler"][..], &["executor", "--scheduler", "host:1"], &["cluster", "-x"]] {
        let done = lesson(role[0], &role[1..])?;
        assert_fails(&done, &["without the cluster", "--features ballista -- "]);
    }
    // They are no examples.
    let program = || tests::program("lesson-06-distributed");
    let examples = "bag\nmap-reduce\nword-count\nsharing\n";
    assert_eq!(tests::run(program()?.arg("--list"))?.stdout, examples);
    let help = tests::run(program()?.arg("--help"))?.stdout;
    for line in ["\n  scheduler ", "\n  executor ", "\n  cluster ", "\n  sharing "] {
        assert!(help.contains(line), "{help}");
    }
    Ok(())
}

#[test]
fn wrong_usage_names_the_argument_and_ends_with_2() -> Result<()> {
    let cases: [(&[&str], &[&str]); 14] = [
        (&["bag", "--first", "0"], &["'0'", "--first"]),
        (&["bag", "--first", "1000000001"], &["'1000000001'", "--first"]),
        (&["bag", "--first", "3", "4"], &["--first", "NUMBERS"]),
        (&["bag", "--from-memory"], &["--first"]),
        (&["word-count", "--on", "gpu"], &["'gpu'", "--on", "df://HOST:PORT"]),
        (&["bag", "x"], &["'x'", "NUMBERS"]),
        (&["bag", "2147483648"], &["'2147483648'", "NUMBERS"]),
        (&["bag", "--on", "dask"], &["'dask'", "--on", "df://HOST:PORT"]),
        (&["word-count", "--on", "df://host"], &["'df://host'", "df://HOST:PORT"]),
        (&["word-count", "--workers", "0"], &["'0'", "--workers", "1..=1000"]),
        (&["word-count", "--chunk", "0"], &["'0'", "--chunk"]),
        (&["word-count", "file", "--size", "5"], &["--size", "cannot be used with"]),
        (&["sharing", "--counts", "shared"], &["'shared'", "--counts"]),
        (&["word-count", "--endpoint", "localhost"], &["'localhost'", "--endpoint"]),
    ];
    for (args, parts) in cases {
        let done = tests::run(tests::program("lesson-06-distributed")?.args(args))?;
        assert_eq!((done.status.code(), &*done.stdout), (Some(2), ""), "{args:?}: {done:?}");
        for part in parts {
            assert!(done.stderr.contains(part), "{args:?}: no {part:?} in {}", done.stderr);
        }
    }
    Ok(())
}

/// A million distinct words more or less change nothing: from some size on, counts go to a file.
#[test]
fn memory_is_bounded_whatever_the_words() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let peak = |words: u32, on: &str, workers: &str| -> Result<i64> {
        let file = folder.path().join(words.to_string());
        let mut text = String::new();
        for word in 0..words {
            writeln!(text, "{:08x}", word.wrapping_mul(0x9e37_79b9))?;
        }
        fs::write(&file, text)?;
        let program = tests::programs()?.get("lesson-06-distributed").context("not built")?;
        let mut command = tests::program("xtask")?;
        command.args(["measure", "--limit", "600", "--"]).arg(program);
        command.args(["word-count", "--workers", workers, "--on", on]).arg(&file);
        // It ends when its input does.
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let _alive = child.stdin.take();
        let run: Run = serde_json::from_slice(&child.wait_with_output()?.stdout)?;
        assert_eq!(run.failure, None);
        let totals = format!("{0} bytes, {words} words, {words} of them distinct\n", words * 9);
        assert!(run.stdout.starts_with(&totals), "{}", run.stdout);
        Ok(run.sample.max_rss_kib >> 10)
    };
    for on in ["threads", "processes"] {
        // With one worker it does not depend on how two meet.
        let (small, large) = (peak(3_000_000, on, "1")?, peak(9_000_000, on, "1")?);
        assert!(large < small + 64, "on {on}: {small} MiB, then {large}");
        let both = peak(9_000_000, on, "2")?;
        assert!(both < 400, "on {on}, two workers: {both} MiB");
    }
    Ok(())
}

/// As all of a lesson's work, chunks are spans; on processes they are in processes.
#[test]
fn chunks_are_counted_by_as_many_threads_or_processes_as_asked() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (on, field) in [("threads", "tid"), ("processes", "pid")] {
        let timeline = folder.path().join(on);
        let args = ["--size", "3000000", "--chunk", "10000", "--workers", "3", "--on", on];
        let mut command = tests::example(LESSON, "word-count", &args)?;
        tests::run(command.env("LESSON_TIMELINE", &timeline))?;
        let mut workers = BTreeMap::<u64, usize>::new();
        for line in fs::read_to_string(&timeline)?.lines() {
            let line: Value = serde_json::from_str(line)?;
            if line["kind"] == "span" && line["name"] == "chunk" {
                let worker = line[field].as_u64().context("a span without a worker")?;
                *workers.entry(worker).or_default() += 1;
            }
        }
        assert_eq!(workers.values().sum::<usize>(), 300, "{workers:?}");
        assert!((1..=3).contains(&workers.len()), "{workers:?}");
    }
    Ok(())
}

/// The bucket of lesson 04, with two texts.
struct Bucket {
    lab: Lab,
    folder: tempfile::TempDir,
    texts: [Vec<u8>; 2],
}

impl Bucket {
    fn start() -> Result<Self> {
        let lab = Lab::start(tests::programs()?, Some(tests::PACE))?;
        let (folder, texts) = (tempfile::tempdir()?, [noise(200_000), noise(70_000)]);
        for (name, text) in ["one", "two"].iter().zip(&texts) {
            fs::write(folder.path().join(name), text)?;
        }
        let mut upload = tests::example("04-futures", "s3-upload", &["one", "two"])?;
        let done = tests::run(upload.current_dir(folder.path()).envs(lab.environment()))?;
        assert!(done.status.success(), "{done:?}");
        Ok(Self { lab, folder, texts })
    }

    fn count(&self, way: &[&str], args: &[&str]) -> Result<Finished> {
        let mut command = tests::example(LESSON, way[0], &way[1..])?;
        command.args(args);
        tests::run(command.envs(self.lab.environment()).current_dir(self.folder.path()))
    }
}

#[test]
fn objects_are_counted_as_files_are() -> Result<()> {
    let bucket = Bucket::start()?;
    let [one, two] = &bucket.texts;
    for way in WAYS {
        let args = ["s3://your-bucket-name/uploaded_one", "two", "--chunk", "50000"];
        let done = bucket.count(way, &args)?;
        assert_eq!(done.stdout, expected(&[one, two], 10)?, "{way:?}: {}", done.stderr);
    }
    // All that is in it, with the three that are always there.
    let three = [1, 2, 3].map(|number| format!("file {number} of the local bucket\n"));
    let [a, b, c] = [0, 1, 2].map(|number| three[number].as_bytes());
    let endpoint = bucket.lab.address("LAB_S3").context("no bucket")?;
    let mut command = tests::example(LESSON, "word-count", &["s3://your-bucket-name"])?;
    command.args(["--endpoint", endpoint]);
    command.env("AWS_ACCESS_KEY_ID", "lab").env("AWS_SECRET_ACCESS_KEY", "lab-secret");
    let done = tests::run(&mut command)?;
    assert_eq!(done.stdout, expected(&[a, b, c, one, two], 10)?, "{}", done.stderr);
    // Without an address the bucket is started for the occasion.
    let done = lesson("word-count", &["s3://your-bucket-name/file1.txt", "--on", "processes"])?;
    assert_eq!(done.stdout, expected(&[a], 10)?, "{}", done.stderr);
    Ok(())
}

#[test]
fn an_object_that_fails_is_named_with_s3s_own_words() -> Result<()> {
    let bucket = Bucket::start()?;
    for (place, cause) in [
        ("your-bucket-name/missing", "there are no objects"),
        ("no-such-bucket/x", "NoSuchBucket"),
        ("your-bucket-name/cut/100000/x", "cannot read"),
        ("your-bucket-name/changed/100000/x", "it is another object than it was"),
    ] {
        for on in ["threads", "processes"] {
            let url = format!("s3://{place}{}", if cause.starts_with("it is") { on } else { "" });
            let args = [&*url, "--on", on, "--chunk", "30000", "--workers", "1"];
            let done = bucket.count(&["word-count"], &args)?;
            assert_fails(&done, &[&url, cause]);
        }
    }
    // One that is cut off the first time is asked for again.
    let done =
        bucket.count(&["word-count"], &["s3://your-bucket-name/flaky/100000/x", "--top", "1"])?;
    assert!(done.stdout.starts_with("100000 bytes, "), "{done:?}");
    Ok(())
}

#[test]
fn ctrl_c_ends_it_at_once_and_leaves_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let marker = folder.path().to_string_lossy().into_owned();
    for on in ["threads", "processes"] {
        // Takes connections and answers none.
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let args = ["s3://bucket/key", "--on", on, "--endpoint", &endpoint];
        let mut command = tests::example(LESSON, "word-count", &args)?;
        command.env("TMPDIR", folder.path()).env("MARKER", &marker);
        command.env("AWS_ACCESS_KEY_ID", "any").env("AWS_SECRET_ACCESS_KEY", "any");
        let mut child = command.process_group(0).stdout(Stdio::piped()).spawn()?;
        let (_connection, _) = listener.accept()?;
        killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT)?;
        assert!(!child.wait()?.success());
        tests::wait_until(|| Ok(tests::with_environment("MARKER", &marker)?.is_empty()))?;
        assert_eq!(fs::read_dir(folder.path())?.count(), 0);
    }
    Ok(())
}
