//! What the programs say themselves: the lines of the file that `LESSON_TIMELINE` names, of both languages.

use std::{fs, io, path::Path};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Map, Value};

/// A line. Times are nanoseconds of CLOCK_MONOTONIC.
#[derive(Clone, Debug, Deserialize)]
pub struct Line {
    /// What it is about.
    pub kind: Kind,
    /// The span's name, or the function's.
    pub name: String,
    /// The span's fields, or the function's arguments.
    pub fields: Map<String, Value>,
    /// The process.
    pub pid: u32,
    /// The thread.
    pub tid: u32,
    /// What the program calls the thread.
    pub thread: Option<String>,
    /// The task that ran, if one did.
    pub task: Option<String>,
    /// Whether it is known that it was left and entered again; without it, if there are more turns than spans.
    #[serde(default)]
    pub in_turns: bool,
    /// From when.
    #[serde(deserialize_with = "nanoseconds")]
    pub begin: u64,
    /// Until when.
    #[serde(deserialize_with = "nanoseconds")]
    pub end: u64,
}

/// What a line is about.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// From the span's beginning to its end.
    Span,
    /// One stay in it: a task's turn.
    Poll,
    /// A twin's `main`.
    Main,
}

fn nanoseconds<'de, D: serde::Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    Ok((f64::deserialize(from)? * 1e9).round() as u64)
}

/// The lines of a file. None if there is no file: the program had nothing to say.
///
/// # Errors
/// If a line is none: but for the last, which its writer may not have finished.
pub fn read(path: &Path) -> Result<Vec<Line>> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        text => text.with_context(|| format!("cannot read {}", path.display()))?,
    };
    let lines = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    lines
        .map(|line| {
            let no_line = || format!("no line of a timeline: {line}");
            let read: Line = serde_json::from_str(line).with_context(no_line)?;
            ensure!(read.begin <= read.end, "{}: it ends before it begins", no_line());
            Ok(read)
        })
        .collect()
}

impl Line {
    /// What a reader would call it: `worker A`, `fetch_url http://…`.
    pub fn label(&self) -> String {
        // asyncio numbers the tasks that have no name, tokio all of them.
        let named = |task: &&String| {
            !task.trim_start_matches("Task-").chars().all(|it| it.is_ascii_digit())
        };
        let task = self.task.as_ref().filter(named).cloned();
        let values: Vec<String> = match (self.fields.get("name"), task) {
            (Some(name), _) => vec![text(name)],
            (None, Some(task)) => vec![task],
            (None, None) => self.fields.values().take(2).map(text).collect(),
        };
        let name = self.name.rsplit('.').next().unwrap_or_default().to_owned();
        let label = [name].into_iter().chain(values).collect::<Vec<_>>().join(" ");
        match label.char_indices().nth(40) {
            Some((end, _)) => format!("{}…", &label[..end]),
            None => label,
        }
    }
}

/// A value for a reader: of an address or a path on this machine the part that differs.
fn text(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match text.strip_prefix("http://127.0.0.1:").and_then(|rest| rest.split_once('/')) {
        Some((_, path)) => format!("/{path}"),
        // Where a file lies on this machine is of no interest.
        None if text.starts_with('/') => text.rsplit('/').next().unwrap_or_default().to_owned(),
        None => text,
    }
}
