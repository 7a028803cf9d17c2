//! Timelines that no program would write: nothing here panics over them.

use std::fs;

use proptest::prelude::*;
use serde_json::json;

use super::{
    arrange::arrange,
    perfetto,
    recording::{Facts, Recording},
    spans::{self, Line},
    svg::Picture,
    terminal,
};

/// Seconds: most of them in the run, some before the clock began, and some beyond any number of nanoseconds.
fn time() -> impl Strategy<Value = f64> {
    prop_oneof![4 => 0.9..2.1, 1 => any::<f64>(), 1 => -1e3..1e30]
}

fn line() -> impl Strategy<Value = String> {
    let kind = prop_oneof![Just("span"), Just("poll"), Just("main")];
    let name = prop_oneof![Just("work".to_owned()), any::<String>()];
    let task = proptest::option::of(prop_oneof![Just("Task-1".to_owned()), any::<String>()]);
    (kind, name, any::<String>(), 0..3_u32, 0..5_u32, task, any::<bool>(), time(), time()).prop_map(
        |(kind, name, field, pid, tid, task, in_turns, begin, end)| {
            json!({
                "kind": kind, "name": name, "fields": {"name": field}, "pid": pid, "tid": tid,
                "thread": field, "task": task, "in_turns": in_turns, "begin": begin, "end": end,
            })
            .to_string()
        },
    )
}

fn read(text: &[u8]) -> anyhow::Result<Vec<Line>> {
    let file = tempfile::NamedTempFile::new()?;
    fs::write(file.path(), text)?;
    spans::read(file.path())
}

/// A run of a second, of which there is nothing but what the program says.
fn recording() -> Recording {
    Recording {
        facts: Facts::Spans,
        instead: None,
        begin: 1_000_000_000,
        end: 2_000_000_000,
        cores: 2,
        threads: Vec::new(),
        lost: 0,
        others: 0.0,
        failure: None,
        stopped: None,
    }
}

proptest! {
    #[test]
    fn lines_of_any_times_and_names_are_drawn_or_refused(
        lines in proptest::collection::vec(line(), 0..12)
    ) {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        if let Ok(lines) = read(text.as_bytes()) {
            let runs = [arrange("Rust", recording(), &lines)];
            terminal::draw("title", &runs, true, 80);
            Picture { title: "title", source: "source", runs: &runs, shared: true }.draw();
            perfetto::encode(&runs);
        }
    }

    #[test]
    fn bytes_that_are_no_lines_are_refused(
        mut text in proptest::collection::vec(line(), 1..4).prop_map(|lines| lines.join("\n")),
        bytes in proptest::collection::vec(any::<u8>(), 0..40),
        at in any::<prop::sample::Index>(),
    ) {
        text.push('\n');
        let mut text = text.into_bytes();
        let at = at.index(text.len());
        text.splice(at..at, bytes);
        let _ = read(&text);
        text.truncate(at);
        let _ = read(&text);
    }
}
