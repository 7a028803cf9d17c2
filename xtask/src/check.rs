//! `cargo xtask follow --check`: whether every part of the tutorials runs.

use std::{
    collections::HashMap,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result};

use crate::{
    catalogue::{Catalogue, Example, Port, Tutorial, package},
    child,
};

/// For each program; the longest waits of all take 10 s at `PACE=1`.
const LIMIT: Duration = Duration::from_secs(120);

/// How many parts there are of each kind.
#[derive(Default)]
pub struct Tally {
    ran: usize,
    text: usize,
    missing: usize,
    failed: usize,
}

impl Tally {
    /// Runs the programs of the parts, prints a line for each part, and counts.
    ///
    /// # Errors
    /// If a program cannot be started.
    pub fn add(
        &mut self,
        catalogue: &Catalogue,
        programs: &HashMap<String, PathBuf>,
        tutorial: &Tutorial,
        parts: RangeInclusive<usize>,
    ) -> Result<()> {
        for part in parts {
            let ports = catalogue.ports(&tutorial.name, part);
            let mut problems = Vec::new();
            for (example, port) in &ports {
                let program = programs.get(&package(&example.lesson));
                let program = program.context("cargo did not say where the program is")?;
                problems.extend(problem(program, example, port)?);
            }
            let (count, verdict) = match (ports.is_empty(), problems.is_empty()) {
                (true, _) if tutorial.text.contains(&part) => (&mut self.text, "no code"),
                (true, _) => (&mut self.missing, "MISSING"),
                (false, true) => (&mut self.ran, "ran"),
                (false, false) => (&mut self.failed, "FAILED"),
            };
            *count += 1;
            println!("{:13}{part:3}  {verdict:8} {}", tutorial.name, tutorial.parts[part - 1]);
            problems.iter().for_each(|problem| println!("    {problem}"));
        }
        Ok(())
    }

    /// Prints the sums. Whether all is well.
    pub fn close(&self) -> bool {
        let Self { ran, text, missing, failed } = self;
        let parts = ran + text + missing + failed;
        println!(
            "{parts} parts: {ran} ran, {text} without code, {missing} missing, {failed} failed"
        );
        missing + failed == 0
    }
}

/// What is wrong with a program's run, if anything.
fn problem(program: &Path, example: &Example, port: &Port) -> Result<Option<String>> {
    let mut command = Command::new(program);
    command.arg(&example.name).args(&port.args);
    let done = child::run(&mut command, LIMIT, |_| ())?;
    let reason = if done.timed_out {
        format!("not done in {LIMIT:?}")
    } else if !done.status.success() {
        format!("{}: {}", done.status, done.stderr.lines().last().unwrap_or("no word why"))
    } else if done.stdout.is_empty() {
        "it printed nothing".to_owned()
    } else {
        return Ok(None);
    };
    Ok(Some(format!("$ {}\n    {reason}", example.command(&port.args))))
}
