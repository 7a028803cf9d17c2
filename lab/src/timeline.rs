//! What happened when, on which thread of which process: a `tracing` layer that appends one JSON
//! line per poll and per finished span to the file that `LESSON_TIMELINE` names.
//!
//! A line is one `O_APPEND` write, so several processes share a file, and a killed process loses
//! nothing that it had finished. Times are CLOCK_MONOTONIC seconds: comparable between processes.

use std::{
    env,
    fmt::Debug,
    fs::{File, OpenOptions},
    io::Write,
    path::Path,
    process,
};

use anyhow::{Context as _, Result};
use nix::{
    time::{ClockId, clock_gettime},
    unistd::gettid,
};
use serde_json::{Map, Value, json};
use tracing::{
    Level, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{
    Registry,
    layer::{Context, Layer, SubscriberExt},
    registry::{LookupSpan, SpanRef},
};

/// Starts the timeline, if `LESSON_TIMELINE` names a file.
///
/// # Errors
/// If the file cannot be opened for appending, or if there is a `tracing` subscriber already.
pub fn start() -> Result<()> {
    let Some(layer) = from_env()? else {
        return Ok(());
    };
    tracing::subscriber::set_global_default(Registry::default().with(layer))
        .context("cannot start the timeline")
}

/// The layer that appends to the file that `LESSON_TIMELINE` names, if it names one.
///
/// # Errors
/// If the file cannot be opened for appending.
pub fn from_env() -> Result<Option<Timeline>> {
    let path = env::var_os("LESSON_TIMELINE");
    path.map(|path| Timeline::append_to(Path::new(&path))).transpose()
}

/// The layer, of spans at the level of information or above. Each line has `kind` (`poll`: entered to left, once per
/// stay; `span`: created to closed), `name`, `fields`, `pid`, `tid`, `thread`, `task` (tokio's id, or null), `begin`,
/// `end`.
pub struct Timeline {
    file: File,
}

struct Times {
    fields: Map<String, Value>,
    created: f64,
    entered: f64,
}

impl Timeline {
    /// Appends to the file at `path`, which is made if need be.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn append_to(path: &Path) -> Result<Self> {
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .with_context(|| format!("cannot open the timeline {}", path.display()))?;
        Ok(Self { file })
    }

    fn write<S: for<'a> LookupSpan<'a>>(&self, span: &SpanRef<'_, S>, poll: bool) {
        let end = now();
        let extensions = span.extensions();
        let Some(times) = extensions.get::<Times>() else {
            return;
        };
        let mut line = json!({
            "kind": if poll { "poll" } else { "span" },
            "name": span.name(),
            "fields": times.fields,
            "pid": process::id(),
            "tid": gettid().as_raw(),
            "thread": std::thread::current().name(),
            "task": tokio::task::try_id().map(|id| id.to_string()),
            "begin": if poll { times.entered } else { times.created },
            "end": end,
        })
        .to_string();
        line.push('\n');
        // A lesson does not fail because its timeline does: the disk may be full.
        let _ = (&self.file).write_all(line.as_bytes());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Timeline {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        // What libraries say for their own debugging would hide what a program says.
        if *attributes.metadata().level() > Level::INFO {
            return;
        }
        let mut times = Times { fields: Map::new(), created: now(), entered: 0.0 };
        attributes.record(&mut times);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(times);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(times) = span.extensions_mut().get_mut::<Times>()
        {
            values.record(times);
        }
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(times) = span.extensions_mut().get_mut::<Times>()
        {
            times.entered = now();
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            self.write(&span, true);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if let Some(span) = context.span(&id) {
            self.write(&span, false);
        }
    }
}

impl Visit for Times {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.fields.insert(field.name().into(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.fields.insert(field.name().into(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.fields.insert(field.name().into(), value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name().into(), value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields.insert(field.name().into(), format!("{value:?}").into());
    }
}

/// CLOCK_MONOTONIC in seconds; 0 if there were no such clock, which Linux does not know.
fn now() -> f64 {
    clock_gettime(ClockId::CLOCK_MONOTONIC)
        .map_or(0.0, |time| time.tv_sec() as f64 + time.tv_nsec() as f64 / 1e9)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_line_says_who_what_and_when_and_debugging_has_none() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("timeline.jsonl");
        let clock = || {
            let now = clock_gettime(ClockId::CLOCK_MONOTONIC).map(Duration::from);
            anyhow::Ok(now.context("no clock")?.as_secs_f64())
        };
        let before = clock()?;
        let subscriber = Registry::default().with(Timeline::append_to(&path)?);
        tracing::subscriber::with_default(subscriber, || {
            tracing::debug_span!("debugging").in_scope(|| ());
            let size = Some(3);
            tracing::info_span!("work", unsigned = 7_u64, part = 0.5, ?size).in_scope(|| ());
        });
        let after = clock()?;
        let text = std::fs::read_to_string(&path)?;
        let (poll, span) = text.split_once('\n').context("one line")?;
        for line in [poll, span] {
            let line: Value = serde_json::from_str(line)?;
            assert_eq!(line["name"], "work");
            assert_eq!(line["fields"], json!({ "unsigned": 7, "part": "0.5", "size": "Some(3)" }));
            assert_eq!(
                (&line["pid"], &line["tid"]),
                (&process::id().into(), &gettid().as_raw().into())
            );
            assert_eq!(line["thread"], json!(std::thread::current().name()));
            let times = ["begin", "end"].map(|which| line[which].as_f64().unwrap_or(f64::NAN));
            assert!(before <= times[0] && times[0] <= times[1] && times[1] <= after, "{times:?}");
        }
        Ok(())
    }

    #[test]
    fn a_span_that_is_left_and_entered_again_gives_two_polls_and_one_span() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("timeline.jsonl");
        let subscriber = Registry::default().with(Timeline::append_to(&path)?);
        tracing::subscriber::with_default(subscriber, || {
            let span =
                tracing::info_span!("worker", name = "A", item = 7, done = tracing::field::Empty);
            span.in_scope(|| ());
            span.in_scope(|| span.record("done", true));
        });
        let lines = std::fs::read_to_string(&path)?
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<Vec<Value>, _>>()?;
        let kinds: Vec<_> = lines.iter().map(|line| &line["kind"]).collect();
        assert_eq!(kinds, ["poll", "poll", "span"]);
        assert_eq!(lines[0]["fields"], json!({ "name": "A", "item": 7 }));
        assert_eq!(lines[2]["fields"], json!({ "name": "A", "item": 7, "done": true }));
        let time = |line: usize, which: &str| lines[line][which].as_f64().unwrap_or(f64::NAN);
        assert!(time(2, "begin") <= time(0, "begin"));
        assert!(time(0, "end") <= time(1, "begin"));
        assert!(time(1, "end") <= time(2, "end"));
        Ok(())
    }
}
