//! The runner: what it says, what it writes, and what it leaves behind when things fail.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::Path,
    process::Stdio,
};

use anyhow::{Context, Result};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use xtask::{
    bench_all::report::Report,
    cargo,
    catalogue::{Catalogue, package},
    child::Finished,
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
    let failed = xtask(&["run", "01", "web-scraping", "lab:a?fault=404"])?;
    assert_eq!(failed.status.code(), Some(1));
    Ok(())
}

#[test]
fn follow_shows_heading_command_and_output() -> Result<()> {
    let done = xtask(&["follow", "techniques", "--part", "2"])?;
    assert!(done.status.success(), "{}", done.stderr);
    let lines: Vec<_> = done.stdout.lines().collect();
    assert_eq!(lines[0], "techniques slide 2: Threading: lightweight concurrency");
    assert_eq!(lines[1], "$ cargo 01-threading workers A B --words techniques");
    assert_eq!(lines.len(), 7);
    assert_eq!(lines[6], "All workers completed");
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
    assert!(failing.stdout.contains("    $ cargo 01-threading workers A B --words techniques\n"));
    Ok(())
}

#[test]
fn unknown_names_are_named_with_those_that_there_are() -> Result<()> {
    let cases: [(&[&str], &[&str]); 7] = [
        (&["run", "juggling"], &[r#"no lesson "juggling""#, "01-threading"]),
        (&["run", "--python", "01", "juggling"], &[r#"no example "juggling""#, "workers"]),
        (&["follow", "poetry"], &[r#"no tutorial "poetry""#, "approaches"]),
        (&["follow", "approaches", "--part", "99"], &[r#"no part "99""#, "1 to 14"]),
        (&["bench-all", "juggling"], &[r#"no lesson or example "juggling""#, "counter"]),
        (&["bench-all", "--samples", "0"], &["--samples", "1..=1000"]),
        (&["bench-all", "--pace", "-1"], &["--pace", "above 0"]),
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
    let catalogue = Catalogue::load()?;
    let mut packages: Vec<_> = catalogue.lessons().into_iter().map(package).collect();
    packages.push("lab".into());
    cargo::build(&packages, true)?;
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
    if let Ok(version) = &report.python {
        assert!(version.starts_with("3."), "{version}");
        assert_eq!(report.rows[2].sides.len(), 2);
    }
    // 26 rests of 0.01 s at the default pace: no run can be shorter.
    assert!(report.rows[2].sides[0].samples.iter().all(|sample| sample.wall >= 0.26 * 0.05));
    assert!(done.stdout.lines().all(|line| line.chars().count() <= 100), "{}", done.stdout);

    let earlier = folder.path().join("earlier.json");
    fs::rename(folder.path().join("report.json"), &earlier)?;
    let mut faster = Report::read(&earlier)?;
    for ratio in faster.rows.iter_mut().filter_map(|row| row.ratio.as_mut()) {
        (ratio.median, ratio.low, ratio.high) = (1e6, 1e6, 1e6);
    }
    fs::write(&earlier, serde_json::to_string(&faster)?)?;
    let args = ["interleaving", "--samples", "2", "--baseline", &earlier.to_string_lossy()];
    let (done, report) = bench(folder.path(), &args, &[])?;
    if report.python.is_ok() {
        assert!(done.stdout.contains("interleaving: clearly slower"), "{}", done.stdout);
    }
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
        kill(Pid::from_raw(bench.id().cast_signed()), Signal::SIGINT)?;
        bench.wait()?;
        tests::wait_until(|| Ok(running()?.is_empty()))?;
        assert_eq!(Report::read(&json)?.rows.len(), 2, "the finished rows are written");
    }
    Ok(())
}

#[test]
fn a_twin_runs_beside_the_local_site() -> Result<()> {
    if xtask::python::ready().is_err() {
        return Ok(());
    }
    let done = xtask(&["run", "--python", "01", "web-scraping", "lab:a", "lab:b?fault=404"])?;
    assert_eq!(done.status.code(), Some(1));
    assert!(done.stdout.contains("/a, status code: 200\n"), "{done:?}");
    assert!(done.stderr.ends_with("error: 1 of 2 pages failed\n"), "{}", done.stderr);
    Ok(())
}
