//! What a twin's imports show, apart from any timed run: whether Python can run it, and whether the GIL is on then.

use std::{
    collections::HashMap,
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::Result;
use regex_lite::Regex;

use super::{measure::Run, report::Lack};
use crate::python::{Python, interpreter::last_line};

/// Not as `__main__`: a twin only runs as that.
const SCRIPT: &str = r#"
import importlib.util, sys
spec = importlib.util.spec_from_file_location("twin", sys.argv[1])
spec.loader.exec_module(importlib.util.module_from_spec(spec))
print(getattr(sys, "_is_gil_enabled", lambda: "as ever")())
"#;

/// What one Python showed of one twin.
#[derive(Clone)]
pub struct Imported {
    /// Whether the GIL is on, if Python says so.
    pub gil: Option<bool>,
    /// Why it cannot be imported, if so.
    pub lack: Option<Lack>,
}

/// Of each Python and twin, asked once.
#[derive(Default)]
pub struct Imports(HashMap<(PathBuf, PathBuf), Imported>);

impl Imports {
    /// What the twin's imports show. `run` runs a command as the twin is run.
    ///
    /// # Errors
    /// If `run` fails.
    pub fn of(
        &mut self,
        python: &Python,
        twin: &Path,
        run: impl FnOnce(&[OsString]) -> Result<Run>,
    ) -> Result<Imported> {
        let key = (python.interpreter.clone(), twin.to_owned());
        if let Some(known) = self.0.get(&key) {
            return Ok(known.clone());
        }
        let code = python.command(Path::new("-c"));
        let mut command = vec![code.get_program().to_owned()];
        command.extend(code.get_args().map(OsString::from));
        command.extend([SCRIPT.into(), twin.into()]);
        let Run { stdout, failure, .. } = run(&command)?;
        // A free-threaded build switches it on where an extension module does not say that it can do without.
        let gil = match last_line(&stdout) {
            "True" => Some(true),
            "False" => Some(false),
            _ => python.base.gil,
        };
        // Whatever else is wrong is the twin's own fault, which shows when it runs.
        let lacks = |reason: &str| {
            reason.contains("ModuleNotFoundError: ") || reason.contains("ImportError: ")
        };
        let imported = Imported {
            gil: gil.filter(|_| failure.is_none()),
            lack: failure
                .filter(|reason| python.is_old() || lacks(reason))
                .map(|reason| lack(&reason)),
        };
        Ok(self.0.entry(key).or_insert(imported).clone())
    }
}

/// Python's last words in two.
pub fn lack(reason: &str) -> Lack {
    let reason = reason.trim_start_matches("exit status: 1: ");
    let first = |pattern: &str| {
        let found = Regex::new(pattern).ok()?.captures(reason)?;
        Some(found.get(1)?.as_str().to_owned())
    };
    let missing = first(r"No module named '([^'.]+)")
        .or_else(|| first(r"cannot import name '([^']+)'"))
        .or_else(|| first(r"has no attribute '([^']+)'"))
        .or_else(|| first(r"^ImportError: no ([^ :]+)"));
    let what = match missing {
        Some(name) => format!("no {name}"),
        None if reason.starts_with("the outputs") => "other output".into(),
        None => first(r"([A-Za-z]+(Error|Exception))\b").unwrap_or_else(|| "fails".into()),
    };
    Lack { what, reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lacking_is_said_in_two_words() {
        for (reason, what) in [
            ("ModuleNotFoundError: No module named 'aiohttp'", "no aiohttp"),
            ("ModuleNotFoundError: No module named 'dask.bag'; 'dask' is no package", "no dask"),
            ("ImportError: cannot import name 'Barrier' from 'asyncio'", "no Barrier"),
            (
                "exit status: 1: AttributeError: module 'asyncio' has no attribute 'timeout'",
                "no timeout",
            ),
            ("ImportError: no CUDA: libcuda.so.1: cannot open shared object file", "no CUDA"),
            ("SyntaxError: invalid syntax", "SyntaxError"),
            ("the outputs do not agree: \"a\" against \"b\"", "other output"),
            ("killed after 60 s, its time limit", "fails"),
        ] {
            assert_eq!(lack(reason).what, what);
        }
    }
}
