//! The runner: what it says, what it writes, and what it leaves behind when things fail.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::Stdio,
};

use anyhow::{Context, Result, ensure};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use xtask::{
    bench_all::report::Report, cargo, catalogue::Catalogue, child::Finished, python::Python,
};

fn xtask(args: &[&str]) -> Result<Finished> {
    tests::run(tests::program("xtask")?.args(args))
}

#[test]
fn list_names_every_example_and_follow_every_tutorial() -> Result<()> {
    let catalogue = Catalogue::load()?;
    let listed = xtask(&["list"])?.stdout;
    for example in &catalogue.examples {
        assert!(listed.contains(&format!("\n  {} ", example.name)), "{}", example.name);
    }
    let tutorials = xtask(&["follow"])?.stdout;
    for tutorial in &catalogue.tutorials {
        assert!(tutorials.contains(&tutorial.title), "{}", tutorial.title);
    }
    Ok(())
}

#[test]
fn a_closed_pipe_ends_the_runner_and_the_lab_quietly() -> Result<()> {
    for (program, args) in [("xtask", "list"), ("xtask", "follow"), ("lab", "--help")] {
        let path = tests::programs()?.get(program).context("not built")?;
        let script = format!("'{}' {args} | true; exit ${{PIPESTATUS[0]}}", path.display());
        let done = tests::run(std::process::Command::new("bash").args(["-c", &script]))?;
        assert_eq!((done.status.code(), &*done.stderr), (Some(0), ""), "{program} {args}");
    }
    Ok(())
}

#[test]
fn a_lesson_goes_by_its_folder_its_number_or_its_topic() -> Result<()> {
    for name in ["01-threading", "01", "1", "threading"] {
        let done = xtask(&["run", name, "counter", "--threads", "7"])?;
        assert_eq!(done.stdout, "Counter value: 7\n", "{name}: {}", done.stderr);
    }
    Ok(())
}

#[test]
fn the_exit_code_of_a_lesson_is_the_runners() -> Result<()> {
    assert_eq!(xtask(&["run", "01", "counter", "--threads", "0"])?.status.code(), Some(2));
    let failed = xtask(&["run", "01", "failing-pages", "lab:a?fault=404"])?;
    assert_eq!(failed.status.code(), Some(1));
    Ok(())
}

#[test]
fn follow_shows_heading_command_and_output() -> Result<()> {
    let done = xtask(&["follow", "techniques", "--part", "2"])?;
    assert!(done.status.success(), "{}", done.stderr);
    let lines: Vec<_> = done.stdout.lines().collect();
    assert!(lines[0].contains("in the words of the slides"), "{lines:?}");
    assert_eq!(lines[2], "techniques slide 2: Threading: lightweight concurrency");
    assert_eq!(lines[3], "Read 01-threading/src/workers.rs beside 01-threading/python/workers.py");
    assert_eq!(lines[4], "$ cargo 01-threading workers A B");
    assert_eq!(lines.len(), 11);
    assert_eq!(lines[9], "All workers completed");
    let next = "Next is slide 3, Threading: web scraping: cargo xtask follow techniques --part 3";
    assert_eq!(lines[10], next);
    Ok(())
}

#[test]
fn follow_check_runs_every_part_and_says_which_fails() -> Result<()> {
    let catalogue = Catalogue::load()?;
    let check = ["follow", "--check", "techniques"];
    let lines = catalogue.tutorial("techniques")?.parts.len() + 1;
    let well = xtask(&check)?;
    assert!(well.status.success(), "{}{}", well.stdout, well.stderr);
    assert_eq!(well.stdout.lines().count(), lines);
    let failing = tests::run(tests::program("xtask")?.args(check).env("PACE", "fast"))?;
    assert_eq!(failing.status.code(), Some(1), "{}", failing.stderr);
    assert!(failing.stdout.contains("FAILED   Threading: lightweight concurrency"));
    assert!(failing.stdout.contains("    $ cargo 01-threading workers A B\n"));
    Ok(())
}

#[test]
fn unknown_names_are_named_with_those_that_there_are() -> Result<()> {
    let cases: [(&[&str], &[&str]); 14] = [
        (&["run", "juggling"], &[r#"no lesson "juggling""#, "01-threading"]),
        (&["run", "--python", "01", "juggling"], &[r#"no example "juggling""#, "workers"]),
        (&["follow", "poetry"], &[r#"no tutorial "poetry""#, "approaches"]),
        (&["follow", "approaches", "--part", "99"], &[r#"no part "99""#, "1 to 14"]),
        (&["bench-all", "juggling"], &[r#"no lesson or example "juggling""#, "counter"]),
        (&["bench-all", "--samples", "0"], &["--samples", "1..=1000"]),
        (&["bench-all", "--pace", "-1"], &["--pace", "above 0"]),
        (
            &["bench-all", "--python", "/no/such/python"],
            &["--python /no/such/python", "No such file"],
        ),
        (&["bench-all", "--python", "/bin/true"], &["/bin/true is not Python"]),
        (
            &["bench-all", "--python", "/bin/cat"],
            &["/bin/cat does not run as Python", "invalid option"],
        ),
        (&["bench-all", "--python", "python3", "--no-python"], &["--python", "--no-python"]),
        (&["bench-all", "--features", "gpu"], &["--long"]),
        (
            &["bench-all", "--long", "--features", "juggling"],
            &[r#"no feature of the chosen rows "juggling""#, "gpu (06-distributed/bag)"],
        ),
        (&["bench-all", "--long", "--features", "gpu", "01"], &[r#""gpu""#, "there are: none"]),
    ];
    for (args, parts) in cases {
        let done = xtask(args)?;
        assert_eq!(done.status.code(), Some(2), "{args:?}: {}", done.stderr);
        for part in parts {
            assert!(done.stderr.contains(part), "{args:?}: no {part:?} in {}", done.stderr);
        }
    }
    Ok(())
}

#[test]
fn a_baseline_that_is_none_is_named() -> Result<()> {
    let missing = xtask(&["bench-all", "--baseline", "/no/such/file"])?;
    assert_eq!(missing.status.code(), Some(1));
    assert!(missing.stderr.contains("/no/such/file: No such file"), "{}", missing.stderr);
    let other = xtask(&["bench-all", "--baseline", "catalogue.toml"])?;
    assert_eq!(other.status.code(), Some(1));
    assert!(other.stderr.contains("catalogue.toml"), "{}", other.stderr);
    Ok(())
}

/// Builds beforehand what `bench-all` would build: in a fresh clone that takes minutes, which are not
/// a hang.
fn build_release() -> Result<()> {
    cargo::build(true)?;
    Ok(())
}

/// A short report, with what else the case needs.
fn bench(folder: &Path, args: &[&str], environment: &[(&str, &str)]) -> Result<(Finished, Report)> {
    let json = folder.join("report.json");
    build_release()?;
    let mut command = tests::program("xtask")?;
    command.arg("bench-all").arg("--json").arg(&json).args(args);
    // An outer `PACE` must not leak into the measured programs.
    command.envs(environment.iter().copied()).env_remove("PACE");
    let done = tests::run(&mut command)?;
    let report = Report::read(&json).with_context(|| format!("{done:?}"))?;
    Ok((done, report))
}

#[test]
fn a_report_has_all_samples_of_every_row_and_can_be_a_baseline() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (done, report) = bench(folder.path(), &["interleaving", "--samples", "3"], &[])?;
    assert!(done.status.success(), "{done:?}");
    let names: Vec<_> = report.rows.iter().map(|row| &*row.name).collect();
    assert_eq!(names, ["control", "start-up", "01-threading/interleaving"]);
    for row in &report.rows {
        assert_eq!(row.failure, None);
        assert!(row.sides.iter().all(|side| side.samples.len() == 3), "{row:?}");
        assert!(row.sides.iter().flat_map(|side| &side.samples).all(|it| it.max_rss_kib > 0));
    }
    if let [python] = &*report.host.pythons {
        assert!(python.base.version.starts_with("3."), "{python:?}");
        assert_eq!(report.rows[2].sides.len(), 2);
        assert_eq!(report.rows[2].sides[1].gil, python.base.gil);
    }
    // 26 rests of 0.01 s at the default pace: no run can be shorter.
    assert!(report.rows[2].sides[0].samples.iter().all(|sample| sample.wall >= 0.26 * 0.05));
    assert!(done.stdout.lines().all(|line| line.chars().count() <= 100), "{}", done.stdout);

    let earlier = folder.path().join("earlier.json");
    fs::rename(folder.path().join("report.json"), &earlier)?;
    let mut faster = Report::read(&earlier)?;
    let sides = faster.rows.iter_mut().flat_map(|row| &mut row.sides);
    for ratio in sides.filter_map(|side| side.ratio.as_mut()) {
        (ratio.median, ratio.low, ratio.high) = (1e6, 1e6, 1e6);
    }
    fs::write(&earlier, serde_json::to_string(&faster)?)?;
    let args = ["interleaving", "--samples", "2", "--baseline", &earlier.to_string_lossy()];
    let (done, report) = bench(folder.path(), &args, &[])?;
    if !report.host.pythons.is_empty() {
        assert!(done.stdout.contains("interleaving: clearly slower"), "{}", done.stdout);
    }
    Ok(())
}

/// 1.2 GB of downloads were left by one report.
#[test]
fn what_a_row_writes_is_gone_when_it_is_measured() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (done, _) =
        bench(folder.path(), &["04/s3-download", "--samples", "1", "--no-python"], &[])?;
    assert!(done.status.success(), "{done:?}");
    let target = fs::read_dir(cargo::target().join("bench-all"))?;
    let left = target.filter_map(|entry| Some(entry.ok()?.path().join("downloaded_file1.txt")));
    let mut left = left.chain([cargo::target().join("bench-all/downloaded_file1.txt")]);
    assert_eq!(left.find(|file| file.exists()), None);
    Ok(())
}

#[test]
fn without_python_the_rust_half_runs_and_says_so() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let args = ["counter", "--samples", "1"];
    let (done, report) = bench(folder.path(), &args, &[("PYTHON", "/no/such/python")])?;
    assert!(done.status.success(), "{done:?}");
    assert!(done.stdout.contains("Without Python: cannot run /no/such/python"), "{}", done.stdout);
    assert_eq!(report.rows[2].sides.len(), 1);
    Ok(())
}

#[test]
fn rows_that_need_a_feature_are_left_out_and_a_line_says_how_to_get_them() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let args = ["06/bag", "counter", "--long", "--samples", "1", "--no-python"];
    let (done, report) = bench(folder.path(), &args, &[])?;
    assert!(done.status.success(), "{done:?}");
    let names: Vec<_> = report.rows.iter().skip(2).map(|row| &*row.name).collect();
    let bag = ["06-distributed/bag", "06-distributed/bag: on processes"];
    assert_eq!(names, [&["01-threading/counter"], &bag[..]].concat());
    let line = "\n06-distributed/bag has more rows with --long --features gpu\n";
    assert_eq!(done.stdout.matches(line).count(), 1, "{}", done.stdout);
    assert_eq!(done.stdout.matches("has more rows").count(), 1, "{}", done.stdout);
    Ok(())
}

/// A module that Python loads by itself at every start, to spoil the twin of `counter`.
fn spoil(folder: &Path, statement: &str) -> Result<String> {
    let module = format!(
        "import subprocess, sys, time\nif any('counter.py' in arg for arg in sys.orig_argv):\n    {statement}\n"
    );
    fs::write(folder.join("sitecustomize.py"), module)?;
    Ok(folder.to_string_lossy().into_owned())
}

#[test]
fn outputs_that_do_not_agree_are_a_failed_row() -> Result<()> {
    if xtask::python::ready().is_err() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let path = spoil(folder.path(), "print('noise')")?;
    let args = ["counter", "--samples", "1"];
    let (done, report) = bench(folder.path(), &args, &[("PYTHONPATH", &path)])?;
    assert_eq!(done.status.code(), Some(1));
    let failure = report.rows[2].failure.as_deref().context("the row has not failed")?;
    assert!(
        failure.contains(r#"do not agree: "Counter value: 1000000" against "noise""#),
        "{failure}"
    );
    assert!(done.stdout.contains("FAILED 01-threading/counter: python: "), "{}", done.stdout);
    Ok(())
}

#[test]
fn a_twin_that_breaks_as_it_is_imported_is_a_failed_row() -> Result<()> {
    if xtask::python::ready().is_err() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let path = spoil(folder.path(), "import os; os.write(2, b'NameError: whatever'); os._exit(1)")?;
    let args = ["counter", "--samples", "1"];
    let (done, report) = bench(folder.path(), &args, &[("PYTHONPATH", &path)])?;
    assert_eq!(done.status.code(), Some(1));
    let failure = report.rows[2].failure.as_deref();
    assert_eq!(failure, Some("python: exit status: 1: NameError: whatever"));
    Ok(())
}

#[test]
fn a_run_over_its_time_is_a_failed_row_and_its_whole_group_is_killed() -> Result<()> {
    if xtask::python::ready().is_err() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let path = spoil(folder.path(), "subprocess.Popen(['sleep', '3600']); time.sleep(3600)")?;
    let args = ["counter", "--samples", "1", "--timeout", "2"];
    let (done, report) = bench(folder.path(), &args, &[("PYTHONPATH", &path)])?;
    assert_eq!(done.status.code(), Some(1));
    let failure = report.rows[2].failure.as_deref();
    assert_eq!(failure, Some("python: killed after 2 s, its time limit"));
    assert_eq!(tests::with_environment("PYTHONPATH", &path)?, Vec::<i32>::new());
    Ok(())
}

#[test]
fn an_interrupted_report_leaves_no_process_behind() -> Result<()> {
    build_release()?;
    // While the row's program is being started, and when it is there.
    for has_started in [false, true] {
        let folder = tempfile::tempdir()?;
        let json = folder.path().join("report.json");
        let marker = folder.path().to_string_lossy();
        let mut command = tests::program("xtask")?;
        command.args(["bench-all", "daemon", "--no-python", "--samples", "1", "--pace", "100"]);
        command.arg("--json").arg(&json).env("MARKER", &*marker).env_remove("PACE");
        let mut bench = command.stderr(Stdio::piped()).process_group(0).spawn()?;
        let stderr = BufReader::new(bench.stderr.take().context("no progress lines")?);
        for line in stderr.lines() {
            if line?.ends_with("01-threading/daemon") {
                break;
            }
        }
        let is_lesson = |pid: &i32| {
            fs::read_to_string(format!("/proc/{pid}/comm"))
                .is_ok_and(|name| name.starts_with("lesson-01"))
        };
        let running = || tests::with_environment("MARKER", &marker);
        if has_started {
            tests::wait_until(|| Ok(running()?.iter().any(is_lesson)))?;
        }
        let folders: Vec<_> = running()?
            .into_iter()
            .filter(is_lesson)
            .filter_map(|pid| fs::read_link(format!("/proc/{pid}/cwd")).ok())
            .collect();
        kill(Pid::from_raw(bench.id().cast_signed()), Signal::SIGINT)?;
        bench.wait()?;
        tests::wait_until(|| Ok(running()?.is_empty()))?;
        assert!(!has_started || !folders.is_empty());
        assert!(folders.iter().all(|folder| !folder.exists()), "{folders:?}");
        assert_eq!(Report::read(&json)?.rows.len(), 2, "the finished rows are written");
    }
    Ok(())
}

#[test]
fn a_twin_runs_beside_the_local_site() -> Result<()> {
    if xtask::python::ready().is_err() {
        return Ok(());
    }
    let done = xtask(&["run", "--python", "01", "failing-pages", "lab:a", "lab:b?fault=404"])?;
    assert_eq!(done.status.code(), Some(1));
    assert!(done.stdout.contains("/a, status code: 200\n"), "{done:?}");
    assert!(done.stderr.ends_with("error: 1 of 2 pages failed\n"), "{}", done.stderr);
    Ok(())
}

/// A Python of another kind: the one that there is, without pip, says of itself what `answers` (for sed) makes of the
/// truth, and runs `at_start` whenever its environment's interpreter starts.
fn fake(name: &str, python: &Python, answers: &str, at_start: &str) -> Result<String> {
    // In one place for all runs, so that these leave one environment.
    let path = cargo::target().join("fake-pythons").join(name);
    fs::create_dir_all(path.parent().context("no folder")?)?;
    let real = python.base.executable.display();
    let script = format!(
        r##"#!/bin/sh
case "$1 $2" in
-c*) '{real}' -c "$2" | sed -e 's#"executable": "[^"]*"#"executable": "'"$0"'"#' {answers} ;;
"-m venv") '{real}' -m venv --without-pip "$3" && cp "$0.py" "$(echo "$3"/lib/python3*/site-packages)/sitecustomize.py" ;;
*) exit 9 ;;
esac
"##
    );
    fs::write(&path, script)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    fs::write(path.with_extension("py"), at_start)?;
    Ok(path.to_string_lossy().into_owned())
}

#[test]
fn each_python_has_a_column_and_a_library_that_it_lacks_is_a_cell() -> Result<()> {
    let Ok(python) = xtask::python::ready() else { return Ok(()) };
    let real = python.base.executable.to_string_lossy();
    let fake = fake(
        "free-threaded",
        &python,
        r#"-e 's/"version": "[^"]*"/"version": "3.98.0"/' -e 's/"free_threaded": false/"free_threaded": true/' -e 's/"gil": true/"gil": false/'"#,
        // As an extension does that needs the GIL.
        "import sys\nsys._is_gil_enabled = lambda: 'queue' in sys.modules\n",
    )?;
    let folder = tempfile::tempdir()?;
    let args = ["interleaving", "work-queue", "01/web-scraping", "--samples", "1"];
    let pythons = ["--python", &real, "--python", &fake];
    let (done, report) = bench(folder.path(), &[&args[..], &pythons].concat(), &[])?;
    assert!(done.status.success(), "{done:?}");

    let [first, second] = &*report.host.pythons else { panic!("{:?}", report.host.pythons) };
    assert_eq!((&*first.label, first.lacking.len()), (&*python.base.title(), 0));
    assert_eq!((&*second.label, second.libraries.len()), ("Python 3.98.0t", 0));
    assert!(second.lacking["requests"].contains("No module named pip"), "{second:?}");
    let row = |name: &str| report.rows.iter().find(|row| row.name == name).context("no such row");
    let sides = &row("01-threading/interleaving")?.sides;
    let has_ratio: Vec<_> = sides.iter().map(|side| side.ratio.is_some()).collect();
    assert_eq!(has_ratio, [false, true, true]);
    assert_eq!(sides[1].command[0], python.interpreter.to_string_lossy());
    assert_ne!(sides[1].command[0], sides[2].command[0]);
    assert_eq!((sides[1].gil, sides[2].gil), (first.base.gil, Some(false)));
    assert_eq!(row("01-threading/work-queue")?.sides[2].gil, Some(true));
    let scraping = row("01-threading/web-scraping")?;
    assert_eq!(scraping.sides[2].lack.as_ref().map(|lack| &*lack.what), Some("no requests"));
    assert_eq!((scraping.sides[1].samples.len(), scraping.sides[2].samples.len()), (1, 0));

    let table: Vec<_> = done.stdout.lines().take_while(|line| !line.is_empty()).collect();
    assert!(table.iter().all(|line| line.chars().count() <= 100), "{table:#?}");
    assert!(table[0].contains(&first.label) && table[0].ends_with("Python 3.98.0t"), "{table:#?}");
    assert!(table[6].contains("web-scraping ") && table[6].ends_with(" no requests"), "{table:#?}");
    for said in [
        "/free-threaded): CPython 3.98.0t, a free-threaded build, GIL off\n",
        "Python 3.98.0t is without ",
        "Python 3.98.0t cannot run 01-threading/web-scraping: ModuleNotFoundError: No\nmodule named 'requests'",
        "Python 3.98.0t: an import switches the GIL on in 01-threading/work-queue\n",
    ] {
        assert!(done.stdout.contains(said), "no {said:?} in {}", done.stdout);
    }
    Ok(())
}

#[test]
fn what_an_old_python_does_not_run_is_a_cell() -> Result<()> {
    let Ok(python) = xtask::python::ready() else { return Ok(()) };
    // When it runs the twin, not when it imports it.
    let start = "import os, sys\nif sys.orig_argv[2].endswith('/counter.py'):\n    os.write(2, b\"AttributeError: module 'asyncio' has no attribute 'TaskGroup'\")\n    os._exit(1)\n";
    let old = fake("old", &python, r#"-e 's/"version": "[^"]*"/"version": "3.9.0"/'"#, start)?;
    let folder = tempfile::tempdir()?;
    let args = ["counter", "atomic", "--samples", "1", "--python", &old];
    let (done, report) = bench(folder.path(), &args, &[])?;
    assert!(done.status.success(), "{done:?}");
    let lacks: Vec<_> = report.rows.iter().map(|row| row.sides[1].lack.as_ref()).collect();
    assert!(lacks[0].is_none() && lacks[1].is_none() && lacks[3].is_none(), "{lacks:?}");
    assert_eq!(lacks[2].map(|lack| &*lack.what), Some("no TaskGroup"));
    assert_eq!(
        (report.rows[2].sides[0].samples.len(), report.rows[2].sides[1].samples.len()),
        (1, 0)
    );
    Ok(())
}

#[test]
fn one_python_under_two_names_is_named_by_both() -> Result<()> {
    let Ok(python) = xtask::python::ready() else { return Ok(()) };
    let [one, other] =
        [&python.base.executable, &python.interpreter].map(|it| it.to_string_lossy());
    let done = xtask(&["bench-all", "--python", &one, "--python", &other])?;
    assert_eq!(done.status.code(), Some(2));
    let said = format!("--python {one} and --python {other} are both ");
    assert!(done.stderr.contains(&said), "{}", done.stderr);
    Ok(())
}

#[test]
fn a_report_of_the_first_schema_is_read() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("old.json");
    let side = |label: &str| {
        format!(
            r#"{{"label": "{label}", "command": ["x"], "wall": null, "cores": null, "samples": []}}"#
        )
    };
    let text = |python: &str| {
        format!(
            r#"{{"schema": 1, "host": "h", "cores": 2, "processor": "p", "kernel": "6", "load": "0", "rustc": "r",
            "python": {python}, "python_libraries": {{"six": "1.17.0"}}, "revision": "abc", "pace": 0.05, "samples": 10,
            "rows": [{{"name": "r", "critical_path": 0.0, "sides": [{}, {}], "failure": null,
            "ratio": {{"median": 2.0, "low": 1.0, "high": 3.0, "interval": true}}}}]}}"#,
            side("rust"),
            side("python"),
        )
    };
    fs::write(&file, text(r#"{"Ok": "3.11.7"}"#))?;
    let report = Report::read(&file)?;
    assert_eq!(report.host.pythons[0].base.title(), "Python 3.11.7");
    assert_eq!(report.host.pythons[0].libraries["six"], "1.17.0");
    assert_eq!(report.rows[0].sides[1].ratio.map(|ratio| ratio.high), Some(3.0));
    fs::write(&file, text(r#"{"Err": "none"}"#))?;
    let report = Report::read(&file)?;
    assert_eq!((report.host.pythons.len(), report.host.without_python), (0, Some("none".into())));
    fs::write(&file, text("null").replace("\"schema\": 1", "\"schema\": 99"))?;
    let error = Report::read(&file).expect_err("of a schema to come").to_string();
    assert!(error.ends_with("schema 99, not 2"), "{error}");
    Ok(())
}

/// Else what these features are of, and all that stands on it, would be built once for the tests and once for the
/// programs that they start.
#[test]
fn tests_ask_for_no_features_that_programs_are_built_without() -> Result<()> {
    let features = |edges| -> Result<BTreeSet<String>> {
        let mut tree = cargo::command();
        tree.args(["tree", "--edges", edges, "--prefix", "none", "--format", "{p} {f}"]);
        let done = tests::run(&mut tree)?;
        ensure!(done.status.success(), "{}", done.stderr);
        Ok(done.stdout.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect())
    };
    let (programs, all) = (features("no-dev")?, features("normal,build,dev")?);
    assert!(programs.len() > 200, "{} packages", programs.len());
    let differing: Vec<_> = programs.difference(&all).collect();
    assert!(differing.is_empty(), "{differing:#?}");
    Ok(())
}
