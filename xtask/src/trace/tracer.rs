//! Runs an example's two programs with a recorder, and gathers what is known of the runs.

use std::{
    collections::HashMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};

use super::{
    arrange::arrange,
    command,
    folder::Folder,
    lanes::Run,
    record::{Program, hold_interrupts},
    recording::{Facts, Stopped},
    spans,
};
use crate::{
    cargo,
    catalogue::{Example, package},
    lab::Lab,
    python::{self, Python},
};

/// All that a trace needs: the programs, the lab, Python.
pub struct Tracer {
    programs: HashMap<String, PathBuf>,
    release: bool,
    lab: Lab,
    python: Option<Python>,
    pace: f64,
    facts: Option<Facts>,
    limit: Duration,
    folder: Folder,
}

impl Tracer {
    /// Builds what is needed.
    ///
    /// # Errors
    /// If the programs do not build, or the lab does not start.
    pub fn new(
        release: bool,
        twins: bool,
        pace: f64,
        facts: Option<Facts>,
        limit: Duration,
    ) -> Result<Self> {
        let programs = cargo::build(release)?;
        let python = if twins { python::ready().map(Some) } else { Ok(None) };
        let python = python.unwrap_or_else(|error| {
            eprintln!("without Python the Rust program alone is traced: {error:#}");
            None
        });
        let lab = Lab::start(&programs, Some(pace))?;
        hold_interrupts()?;
        let folder = Folder::new()?;
        Ok(Self { programs, release, lab, python, pace, facts, limit, folder })
    }

    /// Builds a lesson with features that no default build has, and traces that from now on.
    ///
    /// # Errors
    /// If it does not build, or the lesson has no such feature.
    pub fn build_with(&mut self, features: &str, lesson: &str) -> Result<()> {
        self.programs.extend(cargo::build_with(features, &package(lesson), self.release)?);
        Ok(())
    }

    /// The interpreter of the twins, if there is one.
    pub fn python(&self) -> Option<&Python> {
        self.python.as_ref()
    }

    /// Traces a run in each language, with arguments for each. After Ctrl-C there is what was recorded until then.
    ///
    /// # Errors
    /// If a program cannot be started or recorded. If it fails, its run says so.
    pub fn trace(
        &self,
        example: &Example,
        args: &[String],
        python_args: &[String],
    ) -> Result<Vec<Run>> {
        let program = self.programs.get(&package(&example.lesson));
        let program = program.with_context(|| format!("{} is not built", example.lesson))?;
        let command = command::rust(program, example, args);
        let mut runs = vec![self.record("Rust", &command, &[])?];
        if let Some(python) = self.python.as_ref().filter(|_| !interrupted(&runs)) {
            let labels = command::labels(self.folder.path())?;
            let command = command::python(python, example, python_args);
            let library = labels.to_string_lossy();
            runs.push(self.record("Python", &command, &[("PYTHONPATH", &*library)])?);
        }
        Ok(runs)
    }

    fn record(
        &self,
        language: &'static str,
        command: &[OsString],
        more: &[(&str, &str)],
    ) -> Result<Run> {
        let folder = self.folder.path().join(language.to_lowercase());
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let timeline = folder.with_extension("timeline");
        let (timeline_text, pace) = (timeline.to_string_lossy(), self.pace.to_string());
        let mut environment: Vec<_> = self.lab.environment().collect();
        environment.extend([("LESSON_TIMELINE", &*timeline_text), ("PACE", &pace)]);
        environment.extend(more);
        let program = Program {
            command,
            environment: &environment,
            folder: &folder,
            facts: self.facts,
            limit: self.limit,
            live: false,
            processes: None,
        };
        // This very program, even if the build has just replaced its file.
        let recording = program.record(Path::new("/proc/self/exe"))?;
        let lines = spans::read(&timeline)?;
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
        let _ = fs::remove_file(&timeline);
        Ok(arrange(language, recording, &lines))
    }
}

/// Whether Ctrl-C stopped one of them.
pub fn interrupted(runs: &[Run]) -> bool {
    runs.iter().any(|run| run.recording.stopped == Some(Stopped::Interrupt))
}
