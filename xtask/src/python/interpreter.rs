//! An interpreter that somebody named, and what it says of itself.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result, anyhow, ensure};
use serde::{Deserialize, Serialize};

/// Runs on every Python that there is, 2 as well. A build that can do without the GIL has it on where `PYTHON_GIL` says
/// so.
const SCRIPT: &str = r#"
import json, platform, sys, sysconfig
name = platform.python_implementation()
if name == "PyPy":
    name += " %d.%d.%d" % sys.pypy_version_info[:3]
gil = getattr(sys, "_is_gil_enabled", lambda: True)() if name.startswith(("CPython", "PyPy")) else None
print(json.dumps({
    "executable": sys.executable,
    "implementation": name,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "gil": gil,
}))
"#;

/// A Python interpreter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Interpreter {
    /// The real one, not a shim that finds it anew at each start.
    pub executable: PathBuf,
    /// `CPython`, or another with a version of its own: `PyPy 7.3.11`.
    pub implementation: String,
    /// The language's version: `3.11.7`.
    pub version: String,
    /// Whether it is a build that can do without the GIL.
    pub free_threaded: bool,
    /// Whether its GIL is on when it has just started; none, if it does not say.
    pub gil: Option<bool>,
}

impl Interpreter {
    /// Asks the program `name`, a path or to be found as a shell would. `advice` says what to do where it is none.
    ///
    /// # Errors
    /// If it cannot be run, or is no Python 3.
    pub fn find(name: &str, advice: &str) -> Result<Self> {
        let output = Command::new(name).args(["-c", SCRIPT]).output();
        let output = output.with_context(|| format!("cannot run {name}; {advice}"))?;
        let (stdout, stderr) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        // A shim's or a shell's first words are the reason.
        let reason = stderr.lines().next().unwrap_or("no message");
        ensure!(output.status.success(), "{name} does not run as Python: {reason}");
        let it: Result<Self, _> = serde_json::from_str(last_line(&stdout));
        let it = it.map_err(|_| anyhow!("{name} is not Python: it printed {stdout:?}"))?;
        ensure!(it.since(3, 0), "{name} is Python {}; no twin runs on that", it.version);
        Ok(it)
    }

    /// Whether it is of that version or a later one.
    pub fn since(&self, major: u32, minor: u32) -> bool {
        let mut numbers = self.version.split('.').map_while(|number| number.parse().ok());
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (major, minor)
    }

    /// `Python 3.11.7`, `Python 3.14.0t` where it is a free-threaded build, `PyPy 3.9.16`.
    pub fn title(&self) -> String {
        let name = match self.implementation.split(' ').next() {
            None | Some("CPython") => "Python",
            Some(name) => name,
        };
        format!("{name} {}{}", self.version, if self.free_threaded { "t" } else { "" })
    }

    /// `CPython 3.11.7`, `CPython 3.14.0t, a free-threaded build`, `PyPy 7.3.11, Python 3.9.16`.
    pub fn described(&self) -> String {
        let Self { implementation, version, .. } = self;
        match (implementation.contains(' '), self.free_threaded) {
            (true, _) => format!("{implementation}, Python {version}"),
            (false, true) => format!("{implementation} {version}t, a free-threaded build"),
            (false, false) => format!("{implementation} {version}"),
        }
    }
}

/// The last line that says something.
pub fn last_line(text: &str) -> &str {
    text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no message")
}
