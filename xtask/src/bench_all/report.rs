//! A report: rows of samples with what is needed to read them, kept as JSON.

use std::{ffi::OsString, fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    host::Host,
    measure::Sample,
    stats::{Ratio, Summary},
};
use crate::python::Python;

/// 1 had one Python at the most, and the ratio in the row.
const SCHEMA: u32 = 2;

/// A report.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    /// Version of this form.
    pub schema: u32,
    /// Where it was measured, and with what.
    #[serde(flatten)]
    pub host: Host,
    /// Factor on all simulated waits.
    pub pace: f64,
    /// Rounds of each row at the most.
    pub samples: u32,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row: one program, and what is beside it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Row {
    /// `LESSON/EXAMPLE`, `LESSON/EXAMPLE: RUN`, `control` or `start-up`.
    pub name: String,
    /// Seconds that the program must wait, however fast it is.
    pub critical_path: f64,
    /// Rust, and each Python.
    pub sides: Vec<Side>,
    /// What went wrong.
    pub failure: Option<String>,
}

/// One side of a row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Side {
    /// `rust`, `again`, or the Python: `python` where it is the only one.
    pub label: String,
    /// Program and arguments.
    pub command: Vec<String>,
    /// Wall time in seconds.
    pub wall: Option<Summary>,
    /// Median of CPU time over wall time.
    pub cores: Option<f64>,
    /// Its wall time over Rust's, round by round.
    pub ratio: Option<Ratio>,
    /// Whether Python's GIL is on after the program's imports, if Python says so.
    pub gil: Option<bool>,
    /// Why there are no samples, if the program is not for this Python.
    pub lack: Option<Lack>,
    /// All samples, in the order of the rounds.
    pub samples: Vec<Sample>,
    /// What it said last on its error stream in each of them, if that is told under the table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said: Vec<String>,
}

/// Why a Python cannot run a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lack {
    /// In two words: `no aiohttp`.
    pub what: String,
    /// In Python's.
    pub reason: String,
}

impl Side {
    /// A side without samples yet.
    pub fn new(label: &str, command: &[OsString]) -> Self {
        let command = command.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        Self {
            label: label.into(),
            command,
            wall: None,
            cores: None,
            ratio: None,
            gil: None,
            lack: None,
            samples: Vec::new(),
            said: Vec::new(),
        }
    }

    /// The arguments, without the program's place.
    pub fn command_line(&self) -> &[String] {
        self.command.get(1..).unwrap_or_default()
    }

    /// What is said of all samples.
    pub fn all(&self, value: impl Fn(&Sample) -> f64) -> Option<Summary> {
        let values: Vec<_> = self.samples.iter().map(value).collect();
        (!values.is_empty()).then(|| Summary::of(&values))
    }
}

impl Row {
    /// A row without samples yet.
    pub fn new(name: &str, critical_path: f64, sides: Vec<Side>) -> Self {
        Self { name: name.into(), critical_path, sides, failure: None }
    }

    /// Fills in what follows from the samples.
    pub fn summed_up(mut self) -> Self {
        for side in &mut self.sides {
            side.wall = side.all(|sample| sample.wall);
            side.cores = side.all(Sample::cores).map(|cores| cores.median);
        }
        if let [first, others @ ..] = &mut self.sides[..] {
            for other in others {
                let rounds = first.samples.iter().zip(&other.samples);
                let rounds: Vec<_> = rounds.map(|(first, other)| other.wall / first.wall).collect();
                other.ratio = (!rounds.is_empty()).then(|| Ratio::of(&rounds));
            }
        }
        self
    }
}

impl Report {
    /// An empty report of this machine as it is now, with Pythons that have a label each.
    pub fn new(
        pace: f64,
        samples: u32,
        pythons: &[(String, Python)],
        without_python: Option<String>,
    ) -> Self {
        let host = Host::new(pythons, without_python);
        Self { schema: SCHEMA, host, pace, samples, rows: Vec::new() }
    }

    /// Reads a report that an earlier run wrote, of this schema or the one before.
    ///
    /// # Errors
    /// If the file cannot be read or is not a report of such a form.
    pub fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let text =
            fs::read_to_string(path).with_context(|| format!("cannot read the report {shown}"))?;
        let is_none = || format!("{shown} is not a report of bench-all");
        let mut report: Value = serde_json::from_str(&text).with_context(is_none)?;
        let schema = report["schema"].as_u64().with_context(is_none)?;
        if schema == 1 {
            since_first_schema(&mut report);
        } else {
            ensure!(schema == u64::from(SCHEMA), "{shown}: schema {schema}, not {SCHEMA}");
        }
        serde_json::from_value(report).with_context(is_none)
    }

    /// Adds a row and rewrites the file: an interrupted run loses no finished row.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn add(&mut self, row: Row, path: &Path) -> Result<()> {
        self.rows.push(row);
        let aside = path.with_extension("json.part");
        fs::write(&aside, serde_json::to_string_pretty(self)?)
            .and_then(|()| fs::rename(&aside, path))
            .with_context(|| format!("cannot write {}", path.display()))
    }
}

/// A report of schema 1 in the form of today.
fn since_first_schema(report: &mut Value) {
    let python = report["python"].take();
    report["pythons"] = match python["Ok"].as_str() {
        Some(version) => json!([{
            "label": "python",
            "name": "python3",
            "executable": "python3",
            "implementation": "CPython",
            "version": version,
            "free_threaded": false,
            "gil": null,
            "libraries": report["python_libraries"].take(),
            "lacking": {},
        }]),
        None => json!([]),
    };
    report["without_python"] = python["Err"].clone();
    report["schema"] = SCHEMA.into();
    for row in report["rows"].as_array_mut().into_iter().flatten() {
        let ratio = row.get_mut("ratio").map(Value::take).unwrap_or_default();
        let side = row.get_mut("sides").and_then(|sides| sides.get_mut(1)?.as_object_mut());
        side.map(|side| side.insert("ratio".into(), ratio));
    }
}
