//! Lesson 02: the photos are Pillow's, and what happens when things fail. The library's own tests are
//! `02-multiprocessing/tests/processes/`.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    fs,
    io::{self, BufRead, BufReader},
    os::unix::{
        fs::symlink,
        process::{CommandExt, ExitStatusExt},
    },
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use xtask::{
    catalogue::{Catalogue, root},
    child::Finished,
    python,
};

const LESSON: &str = "02-multiprocessing";

fn lesson(name: &str, args: &[&str]) -> Result<Finished> {
    tests::run(&mut tests::example(LESSON, name, args)?)
}

/// The names in a folder.
fn names(folder: &Path) -> Result<BTreeSet<String>> {
    let entries = fs::read_dir(folder)?;
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// Photos of every kind that can be blurred, drawn by Pillow, and one that is damaged.
const DRAW: &str = "
import sys
from PIL import Image
noise = lambda mode, size: Image.effect_noise(size, 90).convert(mode)
folder = sys.argv[1]
for mode in ['L', 'RGB', 'RGBA']:
    for width, height in [(1, 1), (4, 9), (5, 5), (64, 48), (333, 127)]:
        image = noise(mode, (width, height))
        if mode == 'RGBA':
            image.putalpha(noise('L', (width, height)))
        image.save(f'{folder}/{mode}-{width}x{height}.png')
";

#[test]
fn the_pixels_of_a_blurred_png_are_pillows() -> Result<()> {
    let Ok(python) = python::ready() else {
        eprintln!("not tested, for want of Python");
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name);
    let script = |script: &str, args: &[&Path]| {
        let mut command = Command::new(&python.interpreter);
        tests::run(command.arg("-c").arg(script).args(args))
    };
    let drawn = script(DRAW, &[folder.path()])?;
    assert!(drawn.status.success(), "{}", drawn.stderr);
    let photos: Vec<_> = names(folder.path())?.iter().map(|name| path(name)).collect();
    assert_eq!(photos.len(), 15);
    for out in ["rust", "python"] {
        fs::create_dir(path(out))?;
    }
    let mut rust = tests::example(LESSON, "photos", &["--out"])?;
    let rust = tests::run(rust.arg(path("rust")).args(&photos))?;
    assert!(rust.status.success(), "{}", rust.stderr);
    let catalogue = Catalogue::load()?;
    let mut twin = python.command(&catalogue.example(LESSON, "photos")?.twin());
    let twin = tests::run(twin.arg("--out").arg(path("python")).args(&photos))?;
    assert!(twin.status.success(), "{}", twin.stderr);
    assert_eq!(names(&path("rust"))?, names(&path("python"))?);
    let compare = "
import sys
from pathlib import Path
from PIL import Image
for left in sorted(Path(sys.argv[1]).iterdir()):
    one, other = Image.open(left), Image.open(Path(sys.argv[2]) / left.name)
    same = one.mode == other.mode and one.tobytes() == other.tobytes()
    print(left.name, 'same' if same else f'{one.mode} and {other.mode} differ')
";
    let compared = script(compare, &[&path("rust"), &path("python")])?;
    assert_eq!(compared.stdout.lines().count(), 15, "{}", compared.stderr);
    for line in compared.stdout.lines() {
        assert!(line.ends_with(" same"), "{line}");
    }
    Ok(())
}

#[test]
fn each_photo_that_fails_is_named_and_the_others_are_finished() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (photos, out) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir(&photos)?;
    fs::create_dir(&out)?;
    let generated = lab::photos::four(320, 240)?;
    let photo = fs::read(&generated[0])?;
    let file = |name: &str, bytes: &[u8]| -> Result<String> {
        fs::write(photos.join(name), bytes)?;
        Ok(photos.join(name).to_string_lossy().into_owned())
    };
    let missing = photos.join("missing.jpg").to_string_lossy().into_owned();
    let cases = [
        (file("cut.jpg", &photo[..photo.len() / 2])?, "cannot blur"),
        (file("text.jpg", b"no photo at all")?, "it is not a JPEG or PNG file"),
        (file("empty.png", b"")?, "it is not a JPEG or PNG file"),
        (file("header.png", b"\x89PNG\r\n\x1a\n")?, "cannot blur"),
        (missing, "No such file or directory"),
        (photos.to_string_lossy().into_owned(), "Is a directory"),
    ];
    let fine = file("fine.jpg", &photo)?;
    let mut args = vec!["--out", out.to_str().context("no UTF-8")?];
    args.extend(cases.iter().map(|(path, _)| path.as_str()).chain([fine.as_str()]));
    let done = lesson("photos", &args)?;
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    for (path, reason) in &cases {
        let line = done.stderr.lines().find(|line| line.contains(&format!("{path}: ")));
        let line = line.with_context(|| format!("{path} is not named in {}", done.stderr))?;
        assert!(line.contains(reason), "{line}");
    }
    assert!(done.stderr.contains("error: 6 of 7 photos failed"), "{}", done.stderr);
    assert_eq!(names(&out)?, BTreeSet::from(["blurred_fine.jpg".into()]));
    Ok(())
}

/// A limit on a file's size stands for the full disk: the write fails in the middle.
#[test]
fn a_photo_that_does_not_fit_leaves_nothing_half_written() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let photos = lab::photos::four(800, 600)?;
    let program = tests::programs()?.get("lesson-02-multiprocessing").context("not built")?;
    let mut shell = Command::new("bash");
    // In blocks of 1 KiB; without the trap the signal would end the worker, which is another case.
    shell.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "bash"]).arg(program);
    let done = tests::run(shell.args(["photos", "--out"]).arg(folder.path()).args(&photos))?;
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert_eq!(done.stderr.matches("File too large").count(), 4, "{}", done.stderr);
    assert!(done.stderr.contains("cannot write"), "{}", done.stderr);
    assert_eq!(names(folder.path())?, BTreeSet::new());
    Ok(())
}

#[test]
fn a_folder_that_is_none_and_names_that_collide_are_refused() -> Result<()> {
    let photos = lab::photos::four(320, 240)?;
    let photo = photos[0].to_str().context("no UTF-8")?;
    let none = lesson("photos", &[photo, "--out", "/no/such/folder"])?;
    assert_eq!(none.status.code(), Some(1));
    assert!(none.stderr.contains("/no/such/folder/blurred_image1.jpg"), "{}", none.stderr);
    let twice = lesson("photos", &[photo, photo])?;
    assert_eq!(twice.status.code(), Some(2));
    assert!(twice.stderr.contains("two photos are named image1.jpg"), "{}", twice.stderr);
    Ok(())
}

/// Each photo is a copy of one, so that a file that is not complete is not what it should be.
#[test]
fn ctrl_c_while_photos_are_blurred_leaves_only_complete_ones() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (copies, out) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir(&copies)?;
    fs::create_dir(&out)?;
    let photo = &lab::photos::four(1600, 1200)?[0];
    let whole = folder.path().join("blurred_image1.jpg");
    lab::photos::blur_file(photo, &whole)?;
    let mut command = tests::example(LESSON, "photos", &["--processes", "2", "--out"])?;
    command.arg(&out);
    for number in 0..200 {
        let copy = copies.join(format!("{number}.jpg"));
        symlink(photo, &copy)?;
        command.arg(copy);
    }
    let marker = folder.path().to_string_lossy().into_owned();
    let command = command.env("MARKER", &marker).stdout(Stdio::null()).process_group(0);
    let mut child = command.spawn()?;
    tests::wait_until(|| {
        let workers = tests::with_environment("MARKER", &marker)?;
        Ok(workers.into_iter().any(|pid| has_open(pid, &out)))
    })?;
    killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT)?;
    let status = child.wait()?;
    assert_eq!(status.signal(), Some(Signal::SIGINT as i32), "{status}");
    tests::wait_until(|| Ok(tests::with_environment("MARKER", &marker)?.is_empty()))?;
    let (names, whole) = (names(&out)?, fs::read(whole)?);
    assert!(names.len() < 200, "they were done before the interrupt");
    for name in names {
        assert!(name.starts_with("blurred_"), "{name}");
        assert!(fs::read(out.join(&name))? == whole, "{name} is not complete");
    }
    Ok(())
}

/// Whether the process has a file in the folder open, with a name or without.
fn has_open(pid: i32, folder: &Path) -> bool {
    let files = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    let mut links = files.filter_map(|file| fs::read_link(file.path()).ok());
    links.any(|link| link.starts_with(folder))
}

#[test]
fn workers_that_fail_are_named_and_the_others_are_joined() -> Result<()> {
    for fail in [&["1"][..], &["0", "2"]] {
        let mut args = vec!["--wait", "0.1"];
        args.extend(fail.iter().flat_map(|number| ["--fail", number]));
        let done = lesson("failing-workers", &args)?;
        assert_eq!(done.status.code(), Some(1));
        for number in fail {
            let process = number.parse::<u32>()? + 1;
            let line = format!("worker {number} failed: Process-{process} panicked at ");
            assert!(done.stderr.contains(&line), "{}", done.stderr);
        }
        let closing = format!("error: {} of 3 workers failed\n", fail.len());
        assert!(done.stderr.ends_with(&closing), "{}", done.stderr);
        let finished = done.stdout.lines().filter(|line| line.ends_with(" finished")).count();
        assert_eq!(finished, 3 - fail.len(), "{}", done.stdout);
    }
    Ok(())
}

#[test]
fn at_most_three_processes_add_at_once() -> Result<()> {
    let args = ["--processes", "12", "--additions", "300", "--at-once", "3"];
    let done = lesson("semaphore", &args)?;
    let lines = "Final counter value: 3600\nNever more than 3 processes at once\n";
    assert_eq!(done.stdout, lines, "{}", done.stderr);
    Ok(())
}

#[test]
fn each_of_many_producers_reaches_the_queue() -> Result<()> {
    let done = lesson("many-producers", &["--items", "100"])?;
    let squares = done.stdout.lines().map(|line| {
        Ok(line.strip_prefix("Squared value: ").context("another line")?.parse::<u64>()?)
    });
    let mut squares = squares.collect::<Result<Vec<_>>>()?;
    squares.sort_unstable();
    assert!(squares.into_iter().eq((1..=100).map(|number: u64| number.pow(2))), "{}", done.stderr);
    Ok(())
}

#[test]
fn more_items_than_a_pipe_holds_all_arrive() -> Result<()> {
    let done = lesson("queue", &["--items", "50000"])?;
    assert!(done.status.success(), "{}", done.stderr);
    let squares = done.stdout.lines().map(str::parse::<u64>);
    let squares = squares.collect::<Result<Vec<_>, _>>()?;
    assert!(squares.into_iter().eq((1..=50_000).map(|number: u64| number.pow(2))));
    Ok(())
}

#[test]
fn wrong_usage_names_the_argument_and_ends_with_2() -> Result<()> {
    let cases: [(&[&str], &str); 15] = [
        (&["sum-of-squares", "--processes", "0"], "--processes"),
        (&["sum-of-squares", "-5"], "'-5'"),
        (&["sum-of-squares", "99999999999"], "'99999999999'"),
        (&["pool", "-5"], "'-5'"),
        (&["failing-workers", "A"], "'A'"),
        (&["image-blur", "--size", "12"], "WIDTHxHEIGHT"),
        (&["image-blur", "--size", "0x5"], "1 to 16000"),
        (&["photos", "--size", "5x16001"], "1 to 16000"),
        (&["queue", "--items", "-1"], "--items"),
        // What starts a process for each.
        (&["many-producers", "--items", "1001"], "1..=1000"),
        (&["squares", "--numbers", "1001"], "1..=1000"),
        (&["process-names", "--workers", "1001"], "1..=1000"),
        (&["shared-counter", "--processes", "1000000"], "1..=1000"),
        (&["semaphore", "--processes", "1001"], "1..=1000"),
        (&["manager", "--processes", "1001"], "1..=1000"),
    ];
    for (args, part) in cases {
        let done = tests::run(tests::program("lesson-02-multiprocessing")?.args(args))?;
        assert_eq!(done.status.code(), Some(2), "{args:?}: {done:?}");
        assert!(done.stderr.contains(part), "{args:?}: no {part:?} in {}", done.stderr);
    }
    Ok(())
}

/// Ctrl-C at a terminal reaches the whole group; `kill` reaches the parent alone, and the workers
/// notice that it is gone.
#[test]
fn an_interrupted_lesson_leaves_no_worker_behind() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let marker = folder.path().to_string_lossy().into_owned();
    for to_all in [true, false] {
        let mut command = tests::example(LESSON, "failing-workers", &["--wait", "3600"])?;
        command.env("MARKER", &marker).stdout(Stdio::piped()).process_group(0);
        let mut child = command.spawn()?;
        let stdout = BufReader::new(child.stdout.take().context("no output")?);
        assert_eq!(stdout.lines().take(3).count(), 3);
        let pid = Pid::from_raw(child.id().cast_signed());
        if to_all {
            killpg(pid, Signal::SIGINT)?;
        } else {
            nix::sys::signal::kill(pid, Signal::SIGTERM)?;
        }
        child.wait()?;
        tests::wait_until(|| Ok(tests::with_environment("MARKER", &marker)?.is_empty()))?;
    }
    Ok(())
}

#[test]
fn a_closed_pipe_ends_the_lesson_quietly() -> Result<()> {
    let program = tests::programs()?.get("lesson-02-multiprocessing").context("not built")?;
    let examples = [
        "queue --items 20000",
        "workers",
        "pipe --items 20000",
        "producer-consumer --items 20000",
        "image-blur",
        "photos",
    ];
    for example in examples {
        let mut shell = Command::new("bash");
        let script =
            format!("'{}' {example} | head -1; exit ${{PIPESTATUS[0]}}", program.display());
        let done = tests::run(shell.arg("-c").arg(script).env("PACE", "0.05"))?;
        assert_eq!((&*done.stderr, done.stdout.lines().count()), ("", 1), "{example}");
        assert!(done.status.success(), "{example}: {}", done.status);
    }
    Ok(())
}

/// Here the first line finds no reader already, whichever process it is that prints it.
#[test]
fn an_output_that_nobody_reads_ends_every_example_quietly() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let marker = folder.path().to_string_lossy().into_owned();
    for example in Catalogue::load()?.examples.iter().filter(|example| example.lesson == LESSON) {
        let (reader, writer) = io::pipe()?;
        drop(reader);
        let mut command = tests::example(LESSON, &example.name, &[])?;
        command.env("MARKER", &marker).stdout(writer).stderr(Stdio::piped());
        let child = RefCell::new(command.spawn()?);
        drop(command);
        tests::wait_until(|| Ok(child.borrow_mut().try_wait()?.is_some()))?;
        tests::wait_until(|| Ok(tests::with_environment("MARKER", &marker)?.is_empty()))?;
        let done = child.into_inner().wait_with_output()?;
        let stderr = String::from_utf8_lossy(&done.stderr);
        assert_eq!((done.status.code(), &*stderr), (Some(0), ""), "{}", example.name);
    }
    Ok(())
}

/// What the README shows beside CPython's hangs.
#[test]
fn every_failure_of_the_readme_is_told_and_none_hangs() -> Result<()> {
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--package",
            "lesson-02-multiprocessing",
            "--example",
            "failures",
        ])
        .current_dir(root())
        .status()?;
    assert!(built.success());
    let library = tests::programs()?.get("lesson-02-multiprocessing").context("not built")?;
    let program = library.with_file_name("examples").join("failures");
    let cases = [
        ("panic", "panicked on item 2 at"),
        ("killed-worker", "ended early with signal 9 (SIGKILL)"),
        ("killed-lock-holder", "ended while it held the lock"),
        ("killed-queue-reader", "the other reader: done"),
    ];
    for (kind, said) in cases {
        let done = tests::run(Command::new(&program).arg(kind))?;
        assert!(done.status.success() && done.stdout.contains(said), "{kind}: {done:?}");
    }
    Ok(())
}

/// The encoders keep the error of their last bytes to themselves.
#[test]
fn a_disk_that_is_full_at_the_last_byte_leaves_no_photo() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    fs::create_dir(&out)?;
    let args = ["photos", "--size", "320x240", "--out", &out.to_string_lossy()];
    let whole = tests::run(tests::program("lesson-02-multiprocessing")?.args(args))?;
    assert!(whole.status.success(), "{}", whole.stderr);
    let lengths = || -> Result<Vec<u64>> {
        fs::read_dir(&out)?.map(|entry| Ok(entry?.metadata()?.len())).collect()
    };
    let longest = lengths()?.into_iter().max().context("no photos")?;
    fs::remove_dir_all(&out)?;
    fs::create_dir(&out)?;
    let program = tests::programs()?.get("lesson-02-multiprocessing").context("not built")?;
    // Blocks of 1 KiB; SIGXFSZ ignored, so that a write gives an error.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$@\"", (longest - 1) / 1024);
    let mut shell = Command::new("bash");
    let done = tests::run(shell.args(["-c", &script, "bash"]).arg(program).args(args))?;
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert!(done.stderr.contains("File too large"), "{}", done.stderr);
    assert!(lengths()?.into_iter().all(|length| length < longest), "a photo is cut off");
    assert!(lengths()?.len() < 4, "{:?}", lengths()?);
    Ok(())
}

#[test]
fn errors_that_nobody_reads_leave_the_exit_code_as_it_is() -> Result<()> {
    let program = tests::programs()?.get("lesson-02-multiprocessing").context("not built")?;
    for (args, code) in [("photos /no/a /no/b", 1), ("failing-workers --fail 1 --wait 0", 1)] {
        let script = format!("'{}' {args} 2> /dev/full", program.display());
        let done = tests::run(Command::new("bash").args(["-c", &script]))?;
        assert_eq!(done.status.code(), Some(code), "{args}: {done:?}");
    }
    Ok(())
}

#[test]
fn a_worker_that_is_not_there_cannot_be_told_to_fail() -> Result<()> {
    let done = lesson("failing-workers", &["--fail", "77"])?;
    assert_eq!((done.status.code(), &*done.stdout), (Some(2), ""));
    assert_eq!(done.stderr, "error: --fail 77: there is no such worker\n");
    Ok(())
}

/// Their times are rows of `bench-all`.
#[test]
fn each_cost_says_what_was_computed() -> Result<()> {
    for (cost, said) in [
        ("start 2 --megabytes 3", "2 processes started and joined\n"),
        ("map 100", "100 squares, sum 328350\n"),
        ("map 100 --chunk 7", "100 squares, sum 328350\n"),
        ("lock 50 --processes 3", "150 additions\n"),
        ("queue 1000", "1000 items, sum 499500\n"),
    ] {
        let args: Vec<_> = cost.split(' ').collect();
        let done = lesson("micro", &args)?;
        assert_eq!((&*done.stdout, &*done.stderr), (said, ""), "{cost}");
    }
    Ok(())
}
