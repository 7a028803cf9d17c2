//! What a program is compared with.

use std::{ffi::OsString, path::PathBuf};

use super::report::Lack;
use crate::python::Python;

/// What the programs are compared with.
pub struct Contender<'a> {
    /// The Python's, or `again`.
    pub label: &'a str,
    /// Program and arguments.
    pub command: Vec<OsString>,
    /// The Python, and the twin that it must be able to import.
    pub twin: Option<(&'a Python, PathBuf)>,
    /// Why it cannot take part, if that is known.
    pub lack: Option<Lack>,
}

impl Contender<'_> {
    /// Whether it is a Python older than its twin is written for.
    pub fn is_old(&self) -> bool {
        self.twin.as_ref().is_some_and(|(python, _)| python.is_old())
    }
}
