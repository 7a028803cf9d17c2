//! Each race is found and mended, in one source, beside a twin in Python.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

fn races(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_races")).args(args).output().expect("it is built")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn names() -> Vec<String> {
    let listed = races(&["--list"]);
    let names: Vec<String> = text(&listed.stdout).lines().map(String::from).collect();
    assert!(names.len() >= 3, "{names:?}");
    names
}

fn file(name: &str, folder: &str, ending: &str) -> PathBuf {
    let module = name.replace('-', "_");
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(module).with_extension(ending)
}

/// How many steps the table has: the lines between the two empty ones.
fn table(output: &str) -> Vec<&str> {
    let after = output.lines().skip_while(|line| !line.contains("breaks it: ")).skip(2);
    after.take_while(|line| !line.is_empty()).collect()
}

#[test]
fn each_race_is_found_and_replayed_and_no_schedule_breaks_its_mended_twin() {
    for name in names() {
        let done = races(&[&name, "--runs", "1"]);
        let output = text(&done.stdout);
        assert!(done.status.success(), "{name}: {output}{}", text(&done.stderr));
        assert!(output.starts_with(&format!("== {name} ==\n")), "{output}");
        for line in [
            "replayed: the same steps, the same end",
            "mended, as it is: none of 1 runs went wrong",
            "mended, under the checker: 10000 schedules, none breaks it",
        ] {
            assert!(output.lines().any(|it| it == line), "{name}: no {line:?} in {output}");
        }
        let table = table(&output);
        assert!(table.len() >= 2, "{name}: {output}");
        assert!(table.iter().all(|line| line.len() <= 80), "{name}: {output}");
    }
}

#[test]
fn the_same_seed_finds_the_same_schedule_and_another_another() {
    let run = |seed| {
        let done = races(&["lost-update", "--runs", "1", "--seed", seed]);
        text(&done.stdout).lines().find(|line| line.starts_with("who was next")).map(String::from)
    };
    let first = run("1");
    assert!(first.is_some());
    assert_eq!(first, run("1"));
    assert!(["2", "3", "4"].iter().any(|seed| run(seed) != first));
}

#[test]
fn a_race_that_is_not_found_is_a_failure_that_says_what_to_do() {
    let done = races(&["two-locks", "--runs", "1", "--schedules", "0"]);
    let errors = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{errors}");
    assert!(errors.contains("error: two-locks: none of 0 schedules breaks it"), "{errors}");
}

#[test]
fn an_unknown_race_is_named() {
    let done = races(&["no-such"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("'no-such'"), "{}", text(&done.stderr));
}

#[test]
fn who_stops_reading_sees_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_races"))
        .args(["lost-update", "--runs", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it is built");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    stdout.read_line(&mut String::new()).expect("a line");
    drop(stdout);
    let done = child.wait_with_output().expect("it ends");
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(!text(&done.stderr).contains("error"), "{}", text(&done.stderr));
}

#[test]
fn each_race_is_short_in_both_languages() {
    for name in names() {
        for file in [file(&name, "src/races", "rs"), file(&name, "python", "py")] {
            let source = fs::read_to_string(&file).unwrap_or_else(|it| panic!("{file:?}: {it}"));
            let lines = source.lines().count();
            assert!(lines <= 60, "{} has {lines} lines", file.display());
        }
    }
}

#[test]
fn the_readme_counts_the_schedules_of_each_model() {
    let read = |file: &str| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        fs::read_to_string(&file).unwrap_or_else(|it| panic!("{file:?}: {it}"))
    };
    let readme = read("README.md");
    for model in ["semaphore", "queue", "pool", "site", "ctrl_c"].map(|it| format!("tests/{it}.rs"))
    {
        let source = read(&model);
        let calls = source.split("check(").skip(1).filter_map(|call| call.split_once(','));
        // As many by lot as at the worst places.
        let schedules: usize =
            calls.map(|(number, _)| 2 * number.parse::<usize>().expect("a number")).sum();
        let row = readme.lines().find(|row| row.contains(&model)).expect("it has a row");
        let told = row.trim_end_matches(" |").rsplit("| ").next().expect("the last cell");
        assert_eq!(told.replace(',', ""), schedules.to_string(), "{model}");
    }
}

#[test]
fn each_twin_says_how_often_it_went_wrong_and_mended_never() {
    for name in names() {
        let twin = file(&name, "python", "py");
        let done = Command::new("python3").arg(&twin).args(["--runs", "3"]).output();
        let done = done.expect("Python 3.11 or newer is needed here");
        let output = text(&done.stdout);
        assert!(done.status.success(), "{name}: {output}{}", text(&done.stderr));
        let lines: Vec<_> = output.lines().collect();
        assert!(
            lines[0].starts_with("as it is: ") && lines[0].contains(" of 3 runs "),
            "{name}: {output}"
        );
        assert_eq!(lines[1..], ["mended, as it is: none of 3 runs went wrong"], "{name}");
    }
}
