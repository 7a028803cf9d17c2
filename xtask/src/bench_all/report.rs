//! A report: rows of samples with what is needed to read them, as JSON and as a table.

use std::{collections::BTreeMap, ffi::OsString, fs, path::Path, process::Command, thread};

use anyhow::{Context, Result, ensure};
use comfy_table::{CellAlignment, Table, presets};
use serde::{Deserialize, Serialize};

use super::{
    measure::Sample,
    stats::{Ratio, Summary},
    write_aside,
};
use crate::{catalogue::root, python::Python};

const SCHEMA: u32 = 1;

/// A report.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    /// Version of this form.
    pub schema: u32,
    /// The machine's name.
    pub host: String,
    /// Its cores.
    pub cores: usize,
    /// Its processor.
    pub processor: String,
    /// Its kernel.
    pub kernel: String,
    /// Load of the last minute when the measuring began.
    pub load: String,
    /// The compiler.
    pub rustc: String,
    /// Python's version, or why there is none.
    pub python: Result<String, String>,
    /// Versions of the twins' libraries.
    pub python_libraries: BTreeMap<String, String>,
    /// The commit that was measured, with `+` if the work tree differs.
    pub revision: String,
    /// Factor on all simulated waits.
    pub pace: f64,
    /// Rounds of each row.
    pub samples: u32,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row: one program, or two beside each other.
#[derive(Debug, Serialize, Deserialize)]
pub struct Row {
    /// `LESSON/EXAMPLE`, `LESSON/EXAMPLE: RUN`, `control` or `start-up`.
    pub name: String,
    /// Seconds that the program must wait, however fast it is.
    pub critical_path: f64,
    /// Rust, and what is beside it.
    pub sides: Vec<Side>,
    /// The second side's wall time over the first's.
    pub ratio: Option<Ratio>,
    /// What went wrong.
    pub failure: Option<String>,
}

/// One side of a row.
#[derive(Debug, Serialize, Deserialize)]
pub struct Side {
    /// `rust`, `python` or `again`.
    pub label: String,
    /// Program and arguments.
    pub command: Vec<String>,
    /// Wall time in seconds.
    pub wall: Option<Summary>,
    /// Median of CPU time over wall time.
    pub cores: Option<f64>,
    /// All samples, in the order of the rounds.
    pub samples: Vec<Sample>,
}

impl Side {
    /// A side without samples yet.
    pub fn new(label: &str, command: &[OsString]) -> Self {
        let command = command.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        Self { label: label.into(), command, wall: None, cores: None, samples: Vec::new() }
    }

    /// The arguments, without the program's place.
    pub fn command_line(&self) -> &[String] {
        &self.command[1..]
    }

    fn all(&self, value: impl Fn(&Sample) -> f64) -> Option<Summary> {
        let values: Vec<_> = self.samples.iter().map(value).collect();
        (!values.is_empty()).then(|| Summary::of(&values))
    }
}

impl Row {
    /// A row without samples yet.
    pub fn new(name: &str, critical_path: f64, sides: Vec<Side>) -> Self {
        Self { name: name.into(), critical_path, sides, ratio: None, failure: None }
    }

    /// Fills in what follows from the samples.
    pub fn summed_up(mut self) -> Self {
        for side in &mut self.sides {
            side.wall = side.all(|sample| sample.wall);
            side.cores = side.all(Sample::cores).map(|cores| cores.median);
        }
        if let [first, second] = &self.sides[..] {
            let rounds = first.samples.iter().zip(&second.samples);
            let rounds: Vec<_> = rounds.map(|(first, second)| second.wall / first.wall).collect();
            self.ratio = (!rounds.is_empty()).then(|| Ratio::of(&rounds));
        }
        self
    }
}

impl Report {
    /// An empty report of this machine as it is now.
    pub fn new(pace: f64, samples: u32, python: Result<&Python, &String>) -> Self {
        let libraries = python.map(|_| libraries()).unwrap_or_default();
        let changed = !said("git", &["status", "--porcelain"]).is_empty();
        let revision = said("git", &["rev-parse", "--short", "HEAD"]);
        Self {
            schema: SCHEMA,
            host: line_of("/proc/sys/kernel/hostname"),
            cores: thread::available_parallelism().map_or(1, usize::from),
            processor: processor(),
            kernel: line_of("/proc/sys/kernel/osrelease"),
            load: line_of("/proc/loadavg").split(' ').next().unwrap_or_default().into(),
            rustc: said("rustc", &["--version"]),
            python: python.map(|python| python.version.clone()).map_err(Clone::clone),
            python_libraries: libraries,
            revision: if changed { revision + "+" } else { revision },
            pace,
            samples,
            rows: Vec::new(),
        }
    }

    /// Reads a report that an earlier run wrote.
    ///
    /// # Errors
    /// If the file cannot be read or is not a report of this form.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read the baseline {}", path.display()))?;
        let report: Self = serde_json::from_str(&text)
            .with_context(|| format!("{} is not a report of bench-all", path.display()))?;
        let schema = report.schema;
        ensure!(schema == SCHEMA, "{}: schema {schema}, not {SCHEMA}", path.display());
        Ok(report)
    }

    /// Adds a row and rewrites the file: an interrupted run loses no finished row.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn add(&mut self, row: Row, path: &Path) -> Result<()> {
        self.rows.push(row);
        write_aside(path, &serde_json::to_string_pretty(self)?)
    }

    /// Prints the table, and what must be known to read it.
    pub fn print(&self) {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header([
            "",
            "Rust ms",
            "Python ms",
            "ratio, 95 %",
            "cores",
            "MiB",
            "path+over ms",
        ]);
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
            column.set_padding((1, 0));
        }
        for row in &self.rows {
            table.add_row(cells(row));
        }
        println!("{}", table.trim_fmt());
        println!("\n{}", self.surroundings());
        println!(
            "ms: median ± median absolute deviation of {} runs each, ABBA order; ! marks outliers.\n\
             ratio: second over first; ~ includes 1: no clear difference. cores, MiB: Rust/Python.\n\
             path+over: ms that the program must wait at pace {}, and what comes on top, Rust/Python.",
            self.samples, self.pace,
        );
        if self.samples < 6 {
            println!("Under 6 rounds the ratio's brackets are the range, not an interval.");
        }
        if let Err(reason) = &self.python {
            println!("Without Python: {reason}");
        }
        for row in &self.rows {
            if let Some(failure) = &row.failure {
                println!("FAILED {}: {failure}", row.name);
            }
        }
    }

    fn surroundings(&self) -> String {
        let python = self.python.as_ref().map_or("none", |version| version);
        format!(
            "{} cores of {}, load {}, Linux {}\n{}, Python {python}, commit {}",
            self.cores, self.processor, self.load, self.kernel, self.rustc, self.revision
        )
    }
}

fn cells(row: &Row) -> Vec<String> {
    let time = |side: usize| {
        let Some(wall) = row.sides.get(side).and_then(|side| side.wall.as_ref()) else {
            return String::new();
        };
        let mark = if wall.outliers.is_empty() { "" } else { "!" };
        format!("{mark}{} ±{}", short(wall.median * 1e3), short(wall.mad * 1e3))
    };
    let pair = |value: &dyn Fn(&Side) -> Option<f64>| {
        let values = row.sides.iter().filter_map(|side| value(side).map(short));
        values.collect::<Vec<_>>().join("/")
    };
    let ratio = row.ratio.map_or(String::new(), |ratio| {
        let mark = if ratio.includes_one() { "~" } else { "" };
        let [median, low, high] = [ratio.median, ratio.low, ratio.high].map(short);
        format!("{mark}{median} [{low}, {high}]")
    });
    let path = row.critical_path;
    let over = |side: &Side| side.wall.as_ref().map(|wall| (wall.median - path) * 1e3);
    let memory = |side: &Side| side.all(|it| it.max_rss_kib as f64 / 1024.0).map(|all| all.median);
    let waits =
        if path > 0.0 { format!("{}+{}", short(path * 1e3), pair(&over)) } else { String::new() };
    let name = row.name.split_once('/').map_or(&*row.name, |(_, name)| name);
    // Another run of the example in the row above.
    let name = name.split_once(": ").map_or(name.into(), |(_, more)| format!("  {more}"));
    let name = if row.failure.is_some() { format!("{name} FAILED") } else { name };
    vec![name, time(0), time(1), ratio, pair(&|side| side.cores), pair(&memory), waits]
}

/// Three digits, or as many as there are before the point.
fn short(value: f64) -> String {
    match value.abs() {
        ..9.995 => format!("{value:.2}"),
        ..99.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

fn libraries() -> BTreeMap<String, String> {
    let requirements = fs::read_to_string(root().join("requirements.txt")).unwrap_or_default();
    let pins = requirements.lines().filter_map(|line| line.split_once("=="));
    pins.map(|(name, version)| (name.into(), version.into())).collect()
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    model.map_or("unknown processor", |(_, name)| name).into()
}

fn line_of(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default().trim().into()
}

/// What a program prints, or nothing where there is no such program.
fn said(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).current_dir(root()).output();
    output.map_or_else(|_| String::new(), |it| String::from_utf8_lossy(&it.stdout).trim().into())
}
