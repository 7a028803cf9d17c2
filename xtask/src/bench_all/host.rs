//! Where a report was measured, and with what.

use std::{collections::BTreeMap, fs, process::Command, thread};

use serde::{Deserialize, Serialize};

use crate::{
    catalogue::root,
    python::{Python, interpreter::Interpreter},
};

/// The machine and the tools.
#[derive(Debug, Serialize, Deserialize)]
pub struct Host {
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
    /// What Rust is measured beside, in the order of the rows' sides.
    pub pythons: Vec<PythonSaid>,
    /// Why there is no Python, if so.
    pub without_python: Option<String>,
    /// The commit that was measured, with `+` if the work tree differs.
    pub revision: String,
}

/// A Python, as a report keeps it.
#[derive(Debug, Serialize, Deserialize)]
pub struct PythonSaid {
    /// The label of its sides.
    pub label: String,
    /// As it was named on the command line.
    pub name: String,
    /// What it is.
    #[serde(flatten)]
    pub base: Interpreter,
    /// Versions of the twins' libraries.
    pub libraries: BTreeMap<String, String>,
    /// Libraries that cannot be had for it, and why not.
    pub lacking: BTreeMap<String, String>,
}

impl PythonSaid {
    fn new((label, python): &(String, Python)) -> Self {
        let Python { name, base, libraries, lacking, .. } = python.clone();
        Self { label: label.clone(), name, base, libraries, lacking }
    }

    /// What it is, and whether its GIL is on.
    pub fn described(&self) -> String {
        let gil = match self.base.gil {
            Some(true) => "GIL on",
            Some(false) => "GIL off",
            None => "GIL unknown",
        };
        format!("{}, {gil}", self.base.described())
    }
}

impl Host {
    /// This machine as it is now, with Pythons that have a label each.
    pub fn new(pythons: &[(String, Python)], without_python: Option<String>) -> Self {
        let changed = !said("git", &["status", "--porcelain"]).is_empty();
        let revision = said("git", &["rev-parse", "--short", "HEAD"]);
        Self {
            host: line_of("/proc/sys/kernel/hostname"),
            cores: thread::available_parallelism().map_or(1, usize::from),
            processor: processor(),
            kernel: line_of("/proc/sys/kernel/osrelease"),
            load: line_of("/proc/loadavg").split(' ').next().unwrap_or_default().into(),
            rustc: said("rustc", &["--version"]),
            pythons: pythons.iter().map(PythonSaid::new).collect(),
            without_python,
            revision: if changed { revision + "+" } else { revision },
        }
    }

    /// What a reader of the figures must know of it.
    pub fn described(&self) -> String {
        let python = match &*self.pythons {
            [] => "no Python, ".into(),
            [python] => format!("{}, ", python.described()),
            // Each has a line of its own.
            _ => String::new(),
        };
        format!(
            "{} cores of {}, load {}, Linux {}\n{}, {python}commit {}",
            self.cores, self.processor, self.load, self.kernel, self.rustc, self.revision
        )
    }
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
