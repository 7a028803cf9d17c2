//! Lesson 04's S3 transfers: against the local bucket, against moto, and against the faults of both
//! the network and the disk.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
};

use anyhow::{Context, Result};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use xtask::{
    child::{self, Finished},
    lab::Lab,
    python,
};

const LESSON: &str = "04-futures";
const BUCKET: &str = "your-bucket-name";

/// A bucket in a process of its own, and a folder in which the examples run.
struct Fixture {
    lab: Lab,
    folder: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Result<Self> {
        let lab = Lab::start(tests::programs()?, Some(tests::PACE))?;
        Ok(Self { lab, folder: tempfile::tempdir()? })
    }

    fn endpoint(&self) -> Result<&str> {
        self.lab.address("LAB_S3").context("no bucket")
    }

    fn command(&self, name: &str, args: &[&str]) -> Result<Command> {
        let mut command = tests::example(LESSON, name, args)?;
        command.envs(self.lab.environment()).current_dir(self.folder.path());
        Ok(command)
    }

    fn run(&self, name: &str, args: &[&str]) -> Result<Finished> {
        tests::run(&mut self.command(name, args)?)
    }

    /// The names of the files in the folder, those of temporary files included.
    fn files(&self) -> Result<Vec<String>> {
        files(self.folder.path())
    }
}

fn files(folder: &Path) -> Result<Vec<String>> {
    let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name()));
    let mut names = names.collect::<Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names.into_iter().map(|name| name.to_string_lossy().into_owned()).collect())
}

/// Credentials for an endpoint that is not taken from the lab.
fn signed<'a>(command: &'a mut Command, key: &str, secret: &str) -> &'a mut Command {
    command
        .env("AWS_ACCESS_KEY_ID", key)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .env("AWS_DEFAULT_REGION", "us-east-1")
}

/// Checks that `done` failed with these lines, for as many objects as there are lines.
fn assert_failed(done: &Finished, reports: &[&str]) {
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    for report in reports {
        let line = done.stderr.lines().any(|line| line.starts_with(report));
        assert!(line, "no line {report:?} in {}", done.stderr);
    }
    let count = format!("error: {} of ", reports.len());
    assert!(done.stderr.contains(&count), "no {count:?} in {}", done.stderr);
}

/// Bytes that do not repeat.
fn noise(size: usize) -> Vec<u8> {
    let mut state = size as u64 + 1;
    let mut next = || {
        // Knuth's MMIX generator.
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..size).map(|_| next()).collect()
}

/// The slides' programs, and those in earnest.
const PAIRS: [[&str; 2]; 2] = [["s3-upload", "s3-download"], ["many-uploads", "many-downloads"]];

/// Sends files of sizes around the limits of parts, fetches them again, and compares.
fn there_and_back(folder: &Path, run: impl Fn(&str, &[&str]) -> Result<Finished>) -> Result<()> {
    const PART: usize = 5 << 20;
    let sizes = [0, 1, 100_000, PART - 1, PART, PART + 1, 2 * PART, 3 * PART + 12_345];
    let files = sizes.map(|size| (format!("{size}.bin"), noise(size)));
    for (name, content) in &files {
        fs::write(folder.join(name), content)?;
    }
    let names: Vec<_> = files.iter().map(|(name, _)| &**name).collect();
    let keys: Vec<_> = names.iter().map(|name| format!("uploaded_{name}")).collect();
    let keys: Vec<_> = keys.iter().map(|key| &**key).collect();
    for [upload, download] in PAIRS {
        let up = run(upload, &names)?;
        assert!(up.status.success(), "{up:?}");
        let down = run(download, &keys)?;
        assert!(down.status.success(), "{down:?}");
        for (name, content) in &files {
            let path = folder.join(format!("downloaded_uploaded_{name}"));
            assert!(
                fs::read(&path)? == *content,
                "{upload}, {download}: {name} is not what it was"
            );
            fs::remove_file(path)?;
            assert!(up.stdout.contains(&format!("Completed upload: uploaded_{name}\n")), "{up:?}");
        }
    }
    Ok(())
}

#[test]
fn what_goes_to_the_local_bucket_comes_back_as_it_was() -> Result<()> {
    let fixture = Fixture::new()?;
    there_and_back(fixture.folder.path(), |name, args| fixture.run(name, args))?;
    // The same by its address, as for any S3, and without anything left aside.
    for [_, download] in PAIRS {
        let endpoint = ["--endpoint", fixture.endpoint()?, "file1.txt"];
        let mut command = fixture.command(download, &endpoint)?;
        let done = tests::run(signed(&mut command, "lab", "lab-secret"))?;
        assert!(done.status.success(), "{done:?}");
        let text = fs::read_to_string(fixture.folder.path().join("downloaded_file1.txt"))?;
        assert_eq!(text, "file 1 of the local bucket\n");
        let lines: Vec<_> = done.stdout.lines().collect();
        let expected = [
            "Downloading file1.txt from your-bucket-name",
            "Downloaded file1.txt from your-bucket-name to downloaded_file1.txt",
            "Completed download: downloaded_file1.txt",
        ];
        assert_eq!(lines, expected);
        assert!(fixture.files()?.iter().all(|name| !name.starts_with('.')));
    }
    Ok(())
}

#[test]
fn what_goes_to_an_s3_that_is_not_ours_comes_back_as_it_was() -> Result<()> {
    let Some(moto) = Moto::start()? else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let run = |endpoint: &str, name: &str, args: &[&str]| {
        let mut command = tests::example(LESSON, name, args)?;
        command.args(["--endpoint", endpoint]).current_dir(folder.path());
        tests::run(signed(&mut command, "any", "any"))
    };
    there_and_back(folder.path(), |name, args| run(&moto.endpoint, name, args))?;
    let done = run(&moto.endpoint, "many-downloads", &["missing.txt", "uploaded_1.bin"])?;
    assert_failed(&done, &["cannot download missing.txt from your-bucket-name: NoSuchKey: "]);
    let done = run(&moto.endpoint, "many-downloads", &["file1.txt", "--bucket", "no-such-bucket"])?;
    assert_failed(&done, &["cannot download file1.txt from no-such-bucket: NoSuchBucket: "]);

    // Parts that fail are taken back, so that nobody pays for them.
    let proxy = Proxy::start(&moto.endpoint, 5 << 20)?;
    let large = 3 * (5 << 20) + 12_345;
    let done = run(&proxy.endpoint, "many-uploads", &[&format!("{large}.bin")])?;
    assert_failed(&done, &[&format!("cannot upload {large}.bin to your-bucket-name/")]);
    let left = moto.python("print(s3.list_multipart_uploads(Bucket=bucket).get('Uploads', []))")?;
    assert_eq!(left, "[]\n");
    Ok(())
}

#[test]
fn each_object_that_fails_is_named_with_its_cause_and_the_others_come() -> Result<()> {
    let fixture = Fixture::new()?;
    let keys = ["file1.txt", "missing.txt", "cut/300000/a", "changed/300000/b", "corrupt/300000/c"];
    let fine = ["flaky/300000/d", "made/300000/e", "file2.txt"];
    let done = fixture.run("many-downloads", &[&keys[..], &fine].concat())?;
    assert_failed(
        &done,
        &[
            "cannot download missing.txt from your-bucket-name: NoSuchKey: ",
            "cannot download cut/300000/a from your-bucket-name: ",
            "cannot download changed/300000/b from your-bucket-name: the object changed after 150000 bytes",
            "cannot download corrupt/300000/c from your-bucket-name: its bytes do not agree with its checksum",
        ],
    );
    assert!(done.stderr.contains("of 300000 bytes came: end of file before message length"));
    // Whole files, and no temporary ones.
    let names = ["downloaded_d", "downloaded_e", "downloaded_file1.txt", "downloaded_file2.txt"];
    assert_eq!(fixture.files()?, names);
    let read = |name: &str| fs::read(fixture.folder.path().join(name));
    assert!(read("downloaded_d")? == read("downloaded_e")?, "a resumed download went wrong");

    let done = fixture.run("many-uploads", &["missing.txt", "downloaded_d", "."])?;
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    let done = fixture.run("many-uploads", &["missing.txt", "downloaded_d"])?;
    assert_failed(
        &done,
        &["cannot upload missing.txt to your-bucket-name/uploaded_missing.txt: No such file"],
    );
    Ok(())
}

#[test]
fn an_upload_that_is_cut_off_leaves_no_object() -> Result<()> {
    let fixture = Fixture::new()?;
    fs::write(fixture.folder.path().join("large"), noise(20 << 20))?;
    fs::write(fixture.folder.path().join("small"), noise(1000))?;
    let proxy = Proxy::start(fixture.endpoint()?, 5 << 20)?;
    let mut command =
        fixture.command("many-uploads", &["large", "small", "--endpoint", &proxy.endpoint])?;
    let done = tests::run(signed(&mut command, "lab", "lab-secret"))?;
    assert_failed(&done, &["cannot upload large to your-bucket-name/uploaded_large: "]);
    let done = fixture.run("many-downloads", &["uploaded_large", "uploaded_small"])?;
    assert_failed(&done, &["cannot download uploaded_large from your-bucket-name: NoSuchKey: "]);
    Ok(())
}

#[test]
fn what_is_wrong_with_the_endpoint_is_said() -> Result<()> {
    let fixture = Fixture::new()?;
    let endpoint = fixture.endpoint()?.to_owned();
    // Bound and never answering; bound and closed again is refused.
    let silent = TcpListener::bind("127.0.0.1:0")?;
    let closed = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let silent = format!("http://{}", silent.local_addr()?);
    let closed = format!("http://{closed}");
    let cases = [
        (&endpoint, BUCKET, "lab", "wrong", "SignatureDoesNotMatch"),
        (&endpoint, BUCKET, "nobody", "lab-secret", "NotSignedUp: "),
        (&endpoint, "no-such-bucket", "lab", "lab-secret", "NoSuchBucket: "),
        (&closed, BUCKET, "lab", "lab-secret", "Connection refused"),
        (&silent, BUCKET, "lab", "lab-secret", "operation timed out"),
    ];
    fs::write(fixture.folder.path().join("file"), "content")?;
    for (endpoint, bucket, key, secret, cause) in cases {
        for (name, object, action) in [
            (
                "many-downloads",
                "file1.txt",
                format!("cannot download file1.txt from {bucket}: {cause}"),
            ),
            (
                "many-uploads",
                "file",
                format!("cannot upload file to {bucket}/uploaded_file: {cause}"),
            ),
        ] {
            let args = [object, "--endpoint", endpoint, "--bucket", bucket, "--timeout", "0.2"];
            let done = tests::run(signed(&mut fixture.command(name, &args)?, key, secret))?;
            assert_failed(&done, &[&action]);
        }
    }
    assert_eq!(fixture.files()?, ["file"]);
    Ok(())
}

#[test]
fn what_is_wrong_with_the_folder_is_said() -> Result<()> {
    let fixture = Fixture::new()?;
    // Root may write anywhere, so a folder without permission would not do.
    fs::write(fixture.folder.path().join("a-file"), "")?;
    fs::create_dir(fixture.folder.path().join("downloaded_file2.txt"))?;
    for (into, key, cause) in [
        ("a-file", "file1.txt", "Not a directory"),
        ("missing", "file1.txt", "No such file or directory"),
        (".", "file2.txt", "Is a directory"),
    ] {
        let done = fixture.run("many-downloads", &[key, "--into", into])?;
        assert_failed(
            &done,
            &[&format!("cannot download {key} from your-bucket-name: cannot write {into}/")],
        );
        assert!(done.stderr.contains(cause), "{into}: no {cause:?} in {}", done.stderr);
    }
    assert_eq!(fixture.files()?, ["a-file", "downloaded_file2.txt"]);
    Ok(())
}

/// A limit of a file's size stands for the full disk: a small file system needs privileges.
#[test]
fn a_full_disk_fails_the_objects_that_do_not_fit_and_leaves_no_half_files() -> Result<()> {
    let fixture = Fixture::new()?;
    let programs = tests::programs()?;
    let program = programs.get("lesson-04-futures").context("not built")?;
    let script = format!(
        "trap '' XFSZ; ulimit -f 100; exec '{}' many-downloads made/1000/a made/300000/b made/2000/c",
        program.display()
    );
    let mut shell = Command::new("bash");
    shell.arg("-c").arg(script).envs(fixture.lab.environment()).current_dir(fixture.folder.path());
    let done = tests::run(&mut shell)?;
    let report = "cannot download made/300000/b from your-bucket-name: cannot write downloaded_b: File too large";
    assert_failed(&done, &[report]);
    assert_eq!(fixture.files()?, ["downloaded_a", "downloaded_c"]);
    Ok(())
}

#[test]
fn two_files_of_one_name_are_refused_before_anything_is_transferred() -> Result<()> {
    let fixture = Fixture::new()?;
    for (name, args) in
        [("many-downloads", ["made/1/x", "made/2/x"]), ("many-uploads", ["a/x", "b/x"])]
    {
        let done = fixture.run(name, &args)?;
        assert_eq!((done.status.code(), &*done.stdout), (Some(2), ""), "{name}");
        assert!(done.stderr.contains("two names end in x"), "{}", done.stderr);
    }
    assert_eq!(fixture.files()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn as_many_transfers_as_asked_are_under_way_and_no_more() -> Result<()> {
    let fixture = Fixture::new()?;
    let timeline = fixture.folder.path().join("timeline");
    let mut command =
        fixture.command("many-downloads", &["--count", "40", "--concurrency", "3"])?;
    let done = tests::run(command.env("LESSON_TIMELINE", &timeline))?;
    assert!(done.status.success(), "{done:?}");
    let mut events = Vec::new();
    for line in fs::read_to_string(&timeline)?.lines() {
        let line: Value = serde_json::from_str(line)?;
        if line["kind"] == "span" {
            let time = |which: &str| line[which].as_f64().context("a span without times");
            events.extend([(time("begin")?, 1), (time("end")?, -1)]);
        }
    }
    assert_eq!(events.len(), 2 * 40);
    events.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut under_way = 0;
    for (_, change) in events {
        under_way += change;
        assert!(under_way <= 3, "more than three at once");
    }

    // Answers only when three have asked: one after the other, they would never come.
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let server = thread::spawn(move || -> Result<()> {
        let mut clients = Vec::new();
        for _ in 0..3 {
            clients.push(asked(&listener)?);
        }
        for mut client in clients {
            client.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\netag: \"e\"\r\n\r\nhi")?;
        }
        Ok(())
    });
    let args = ["a", "b", "c", "--concurrency", "3", "--endpoint", &endpoint];
    let done = tests::run(signed(&mut fixture.command("many-downloads", &args)?, "any", "any"))?;
    assert!(done.status.success(), "{done:?}");
    server.join().expect("the server does not panic")
}

/// The next connection, when its request has come.
fn asked(listener: &TcpListener) -> Result<TcpStream> {
    let (socket, _) = listener.accept()?;
    let mut request = BufReader::new(socket.try_clone()?);
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        request.read_line(&mut line)?;
    }
    Ok(socket)
}

#[test]
fn what_went_wrong_is_said_even_if_it_cannot_be_asked_whether_the_object_changed() -> Result<()> {
    let fixture = Fixture::new()?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    // Half an object, and then it ends; what is asked besides is refused. The thread ends with this process.
    thread::spawn(move || -> Result<()> {
        let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\netag: \"e\"\r\n\r\nhalf";
        asked(&listener)?.write_all(half.as_bytes())?;
        loop {
            asked(&listener)?.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")?;
        }
    });
    let args = ["a", "--endpoint", &endpoint];
    let done = tests::run(signed(&mut fixture.command("many-downloads", &args)?, "any", "any"))?;
    assert_failed(&done, &["cannot download a from your-bucket-name: 4 of 100 bytes came: "]);
    assert_eq!(fixture.files()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn the_slides_programs_say_which_object_or_file_is_not_there() -> Result<()> {
    let fixture = Fixture::new()?;
    for (name, error) in [
        ("s3-download", "error: missing: NoSuchKey: there is no such key"),
        ("s3-upload", "error: missing: No such file or directory"),
    ] {
        let done = fixture.run(name, &["missing"])?;
        assert_eq!(done.status.code(), Some(1), "{done:?}");
        assert!(done.stderr.starts_with(error), "{name}: no {error:?} in {}", done.stderr);
    }
    Ok(())
}

/// Whether a process has a file open in that folder that has no name.
fn has_a_nameless_file(pid: Pid, folder: &Path) -> Result<bool> {
    for file in fs::read_dir(format!("/proc/{pid}/fd"))? {
        let Ok(file) = fs::read_link(file?.path()) else { continue };
        if file.starts_with(folder) && file.to_string_lossy().ends_with(" (deleted)") {
            return Ok(true);
        }
    }
    Ok(false)
}

#[test]
fn ctrl_c_ends_a_download_and_nothing_is_left_of_its_half_file() -> Result<()> {
    let fixture = Fixture::new()?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let mut command = fixture.command("many-downloads", &["a", "--endpoint", &endpoint])?;
    let mut child = signed(&mut command, "any", "any").stderr(Stdio::piped()).spawn()?;
    let pid = Pid::from_raw(child.id().cast_signed());
    // Answers with half an object, and then no more.
    let mut socket = asked(&listener)?;
    socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\netag: \"e\"\r\n\r\nhalf")?;
    tests::wait_until(|| has_a_nameless_file(pid, fixture.folder.path()))?;
    assert_eq!(fixture.files()?, Vec::<String>::new());
    kill(pid, Signal::SIGINT)?;
    let status = child.wait()?;
    let mut said = String::new();
    child.stderr.take().context("no output")?.read_to_string(&mut said)?;
    assert_eq!(status.code(), Some(130), "{said}");
    assert!(said.starts_with("cannot download a from your-bucket-name: interrupted\n"), "{said}");
    assert!(said.ends_with("error: 1 of 1 downloads failed: interrupted\n"), "{said}");
    assert_eq!(fixture.files()?, Vec::<String>::new());
    Ok(())
}

/// An S3 that lets an upload in parts begin and answers nothing else; it tells what it was asked.
fn mute() -> Result<(String, Receiver<String>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let (sender, requests) = mpsc::channel();
    // The threads end with this process.
    thread::spawn(move || -> Result<()> {
        loop {
            let (socket, sender) = (listener.accept()?.0, sender.clone());
            thread::spawn(move || -> Result<()> {
                let mut lines = BufReader::new(socket.try_clone()?).lines();
                let request = lines.next().context("no request")??;
                for line in lines.by_ref() {
                    if line?.is_empty() {
                        break;
                    }
                }
                let begins = request.starts_with("POST");
                sender.send(request)?;
                if begins {
                    let id = "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>";
                    let length = id.len();
                    write!(
                        &socket,
                        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{id}"
                    )?;
                } else {
                    // Takes the content for as long as the client sends it.
                    std::io::copy(&mut &socket, &mut std::io::sink())?;
                }
                Ok(())
            });
        }
    });
    Ok((endpoint, requests))
}

#[test]
fn ctrl_c_ends_an_upload_at_once_and_takes_its_parts_back() -> Result<()> {
    for (size, requests) in [("1000", &["PUT"][..]), ("20000000", &["POST", "PUT", "PUT"])] {
        let (folder, (endpoint, asked)) = (tempfile::tempdir()?, mute()?);
        let args = ["--count", "1", "--size", size, "--endpoint", &endpoint, "--timeout", "3600"];
        let mut command = tests::example(LESSON, "many-uploads", &args)?;
        signed(&mut command, "any", "any").env("TMPDIR", folder.path());
        let interrupt = |pid| -> Result<()> {
            for request in requests {
                let asked = asked.recv_timeout(tests::LIMIT)?;
                assert!(asked.starts_with(request), "{size} bytes: {asked} in place of {request}");
            }
            // The file that it made has no name, so nothing is left of it either, however it ends.
            assert!(has_a_nameless_file(pid, folder.path())?);
            assert_eq!(files(folder.path())?, Vec::<String>::new());
            Ok(kill(pid, Signal::SIGINT)?)
        };
        let mut interrupted = Ok(());
        let done = child::run(&mut command, tests::LIMIT, |pid| interrupted = interrupt(pid))?;
        interrupted?;
        assert_eq!(done.status.code(), Some(130), "{size} bytes: {done:?}");
        let report =
            "cannot upload file1.txt to your-bucket-name/uploaded_file1.txt: interrupted\n";
        assert!(done.stderr.starts_with(report), "{done:?}");
        assert!(done.stderr.ends_with("error: 1 of 1 uploads failed: interrupted\n"), "{done:?}");
        let after: Vec<_> = asked.try_iter().collect();
        let aborted = after
            .iter()
            .any(|request| request.starts_with("DELETE") && request.contains("uploadId=1"));
        assert_eq!(aborted, requests.len() > 1, "{size} bytes: {after:?}");
    }
    Ok(())
}

#[test]
fn a_closed_pipe_leaves_no_half_files() -> Result<()> {
    let fixture = Fixture::new()?;
    let programs = tests::programs()?;
    let program = programs.get("lesson-04-futures").context("not built")?;
    let script = format!(
        "'{}' many-downloads --count 50 --size 1000000 | head -1; exit ${{PIPESTATUS[0]}}",
        program.display()
    );
    let mut shell = Command::new("bash");
    shell.arg("-c").arg(script).envs(fixture.lab.environment()).current_dir(fixture.folder.path());
    let done = tests::run(&mut shell)?;
    assert_eq!((done.status.code(), &*done.stderr), (Some(0), ""));
    let files = fixture.files()?;
    assert!(files.len() == 50 && files.iter().all(|name| name.starts_with("downloaded_")));
    Ok(())
}

#[test]
fn the_bucket_ends_with_the_example_even_if_that_is_killed() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let marker = folder.path().to_string_lossy().into_owned();
    let marked = |name: &str, args: &[&str]| -> Result<Command> {
        let mut command = tests::example(LESSON, name, args)?;
        command.current_dir(folder.path()).env("MARKER", &marker);
        Ok(command)
    };
    for [upload, download] in PAIRS {
        for name in [upload, download] {
            let done = tests::run(&mut marked(name, &[])?)?;
            assert!(done.status.success(), "{done:?}");
            assert_eq!(tests::with_environment("MARKER", &marker)?, Vec::<i32>::new(), "{name}");
        }
    }

    // Nobody reads its output, so it stands still when the pipe is full.
    let args = ["--count", "100000", "--size", "0"];
    let mut child = marked("many-downloads", &args)?.stdout(Stdio::piped()).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().context("no output")?);
    lines.read_line(&mut String::new())?;
    assert_eq!(tests::with_environment("MARKER", &marker)?.len(), 2, "the example and its bucket");
    child.kill()?;
    child.wait()?;
    tests::wait_until(|| Ok(tests::with_environment("MARKER", &marker)?.is_empty()))
}

/// Passes connections on to an S3 endpoint.
struct Proxy {
    endpoint: String,
}

impl Proxy {
    /// A connection ends when the client has sent `limit` bytes.
    fn start(endpoint: &str, limit: u64) -> Result<Self> {
        let target = endpoint.strip_prefix("http://").context("no address")?.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        // The thread ends with this process, as all that it starts.
        thread::spawn(move || -> Result<()> {
            loop {
                let (client, _) = listener.accept()?;
                let server = TcpStream::connect(&target)?;
                let (mut from_client, mut to_client) = (client.try_clone()?, client);
                let (mut from_server, mut to_server) = (server.try_clone()?, server);
                thread::spawn(move || {
                    let _ = std::io::copy(&mut (&mut from_client).take(limit), &mut to_server);
                    let _ = from_client.shutdown(std::net::Shutdown::Both);
                    let _ = to_server.shutdown(std::net::Shutdown::Both);
                });
                thread::spawn(move || std::io::copy(&mut from_server, &mut to_client));
            }
        });
        Ok(Self { endpoint })
    }
}

/// A server of S3 that we did not write, with the bucket.
struct Moto {
    child: Child,
    endpoint: String,
    python: python::Python,
}

impl Moto {
    fn start() -> Result<Option<Self>> {
        let python = match python::for_tests() {
            Ok(python) => python,
            Err(error) => {
                eprintln!("not tested, for want of moto: {error:#}");
                return Ok(None);
            }
        };
        let mut command = Command::new(&python.interpreter);
        command.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]);
        let mut child = command.stderr(Stdio::piped()).spawn().context("cannot start moto")?;
        let mut lines = BufReader::new(child.stderr.take().context("no output")?).lines();
        let address = lines.find_map(|line| {
            let line = line.ok()?;
            Some(line.split_once("Running on ")?.1.trim().to_owned())
        });
        // Its log goes on, and must be read for it to go on.
        thread::spawn(move || lines.for_each(drop));
        let moto = Self { child, endpoint: address.context("moto did not start")?, python };
        moto.python("s3.create_bucket(Bucket=bucket)")?;
        Ok(Some(moto))
    }

    /// Runs a statement with boto3's client as `s3`, and returns what it prints.
    fn python(&self, statement: &str) -> Result<String> {
        let program = format!(
            "import boto3; bucket = '{BUCKET}'; \
             s3 = boto3.client('s3', endpoint_url='{}'); {statement}",
            self.endpoint
        );
        let mut command = Command::new(&self.python.interpreter);
        let done = tests::run(signed(command.args(["-c", &program]), "any", "any"))?;
        anyhow::ensure!(done.status.success(), "{statement}: {}", done.stderr);
        Ok(done.stdout)
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
