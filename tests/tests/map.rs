//! `cargo xtask map`: which constructs of a script it finds, and that the cheat sheet knows them.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use tests::{program, run};
use xtask::{
    catalogue::{Catalogue, root},
    cheat_sheet::CheatSheet,
    map::{is_wanted, uses_in},
    python::interpreter::Interpreter,
};

/// The Python that reads scripts, if there is one.
fn reader() -> Option<Interpreter> {
    let found = xtask::python::find();
    found.inspect_err(|error| eprintln!("no script is read: {error:#}")).ok()
}

/// The uses in a script, as `LINE NAME`.
fn uses(reader: &Interpreter, source: &str) -> Result<Vec<String>> {
    let (uses, _) = uses_in(reader, Path::new("script.py"), source.as_bytes())?;
    Ok(uses.iter().map(|it| format!("{} {}", it.line, it.name)).collect())
}

fn scripts() -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(root().join("tests/scripts"))?;
    let mut scripts = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    scripts.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
    ensure!(scripts.len() >= 12, "{scripts:?}");
    Ok(scripts)
}

#[test]
fn every_construct_of_the_scripts_is_found() -> Result<()> {
    let Some(reader) = reader() else { return Ok(()) };
    for script in scripts()? {
        let uses = uses(&reader, &fs::read_to_string(&script)?)?;
        let expected = fs::read_to_string(script.with_extension("txt"))?;
        let expected: Vec<_> = expected.lines().collect();
        assert_eq!(uses, expected, "{}", script.display());
    }
    Ok(())
}

#[test]
fn the_cheat_sheet_knows_all_of_the_scripts_and_of_the_twins() -> Result<()> {
    let Some(reader) = reader() else { return Ok(()) };
    let (sheet, catalogue) = (CheatSheet::load()?, Catalogue::load()?);
    let rows = sheet.by_name()?;
    let twins = catalogue.examples.iter().map(|example| example.twin());
    for script in scripts()?.into_iter().chain(twins) {
        let uses = uses(&reader, &fs::read_to_string(&script)?)?;
        for name in uses.iter().filter_map(|it| Some(it.split_once(' ')?.1)) {
            let known = rows.contains_key(name) || !is_wanted(&sheet, name);
            ensure!(known, "{}: {name} has no row in docs/cheat-sheet.toml", script.display());
        }
    }
    Ok(())
}

#[test]
fn names_are_followed_through_assignments_and_calls() -> Result<()> {
    let Some(reader) = reader() else { return Ok(()) };
    for (source, expected) in [
        ("import threading as t\nt.Lock()", "1 import threading, 2 threading.Lock"),
        (
            "from queue import Queue as Q\nq = Q()\nq.get()",
            "1 import queue, 2 queue.Queue, 3 queue.Queue.get",
        ),
        // A parameter hides the module of that name.
        ("import queue\ndef f(queue):\n    queue.put(1)", "1 import queue"),
        // What a parameter is, its calls tell.
        (
            "import threading, queue\ndef f(q):\n    q.get()\nthreading.Thread(target=f, args=(queue.Queue(),))",
            "1 import queue, 1 import threading, 3 queue.Queue.get, 4 threading.Thread, 4 queue.Queue",
        ),
        (
            "import threading\ndef f():\n    global lock\n    lock = threading.Lock()\ndef g():\n    with lock: pass",
            "1 import threading, 4 threading.Lock, 6 with threading.Lock",
        ),
        (
            "import threading\nclass A(threading.Thread):\n    def f(self):\n        self.n = 1\n        self.n.join()\n        self.join()\nA().start()",
            "1 import threading, 2 threading.Thread, 6 threading.Thread.join, 7 threading.Thread.start",
        ),
        (
            "import asyncio\nasync def f():\n    return asyncio.create_task(f())\nasync def g():\n    t = await f()\n    t.cancel()",
            "1 import asyncio, 2 async def, 3 asyncio.create_task, 4 async def, 5 await, 6 asyncio.Task.cancel",
        ),
        // What the script defines itself is not what a module has.
        ("class Process: pass\nProcess().start()", ""),
        (
            "def f():\n    from threading import Lock\n    Lock()\nLock = 1\nLock()",
            "2 import threading, 3 threading.Lock",
        ),
        ("q = Queue()\nq.put(1)", "1 queue.Queue, 2 queue.Queue.put"),
    ] {
        let found = uses(&reader, source)?;
        assert_eq!(found.join(", "), expected, "{source}");
    }
    Ok(())
}

#[test]
fn a_script_is_never_run() -> Result<()> {
    if reader().is_none() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let trace = folder.path().join("was-run");
    let script = folder.path().join("script.py");
    fs::write(&script, format!("import threading\nopen({trace:?}, 'w').close()"))?;
    let done = run(program("xtask")?.arg("map").arg(&script))?;
    ensure!(!trace.exists() && done.status.success(), "{done:?}");
    ensure!(done.stdout.contains("import threading → `std::thread`"), "{}", done.stdout);
    Ok(())
}

#[test]
fn what_is_not_known_is_said() -> Result<()> {
    if reader().is_none() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let script = folder.path().join("script.py");
    fs::write(
        &script,
        "import trio\nfrom queue import *\nimport threading\nthreading.settrace(None)",
    )?;
    let done = run(program("xtask")?.arg("map").arg(&script))?;
    ensure!(done.status.success(), "{done:?}");
    let (_, unknown) =
        done.stdout.split_once("Not in the cheat sheet:\n").context("nothing said")?;
    assert_eq!(unknown, "   1  import trio\n   2  from queue import *\n   4  threading.settrace\n");
    fs::write(&script, "asyncio.run(None)")?;
    let done = run(program("xtask")?.arg("map").arg(&script))?;
    ensure!(done.stdout.contains("asyncio is used and never imported"), "{}", done.stdout);
    Ok(())
}

#[test]
fn what_cannot_be_mapped_is_an_error_that_says_why() -> Result<()> {
    if reader().is_none() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let script = folder.path().join("script.py");
    for (source, said) in [
        (
            &b"import threading\nx = (\n"[..],
            "script.py, line 2: '(' was never closed (read by Python ",
        ),
        (b"import threading\nx = '\xff'\n", "it is not UTF-8"),
        (b"import time\ntime.sleep(1)\n", "script.py has no concurrency"),
        (b"", "script.py has no concurrency"),
        (b"a\0b", "null bytes"),
    ] {
        fs::write(&script, source)?;
        let done = run(program("xtask")?.arg("map").arg(&script))?;
        assert_eq!(done.status.code(), Some(1), "{done:?}");
        ensure!(done.stderr.contains(said), "{said}: {}", done.stderr);
        ensure!(done.stdout.is_empty(), "{}", done.stdout);
    }
    // Python has other encodings, if a script says so.
    fs::write(&script, b"# coding: latin-1\nimport threading\nx = '\xff'\n")?;
    ensure!(run(program("xtask")?.arg("map").arg(&script))?.status.success(), "latin-1");
    let missing = run(program("xtask")?.args(["map", "/there/is/none.py"]))?;
    ensure!(missing.stderr.contains("cannot read /there/is/none.py"), "{}", missing.stderr);
    fs::write(&script, "import threading")?;
    let no_python = run(program("xtask")?.arg("map").arg(&script).env("PYTHON", "/there/is/none"))?;
    ensure!(no_python.stderr.contains("install Python, or set PYTHON"), "{}", no_python.stderr);
    assert_eq!(run(program("xtask")?.arg("map"))?.status.code(), Some(2));
    Ok(())
}

#[test]
fn every_row_of_the_cheat_sheet_has_its_line() -> Result<()> {
    let (sheet, catalogue) = (CheatSheet::load()?, Catalogue::load()?);
    let mut rows = BTreeSet::new();
    for row in sheet.topics.iter().flat_map(|topic| &topic.rows) {
        row.place(&catalogue)?;
        ensure!(rows.insert(&row.python), "{} has two rows", row.python);
    }
    Ok(())
}
