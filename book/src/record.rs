//! `cargo xtask book --record`: runs what the pages show the output of, in both languages, and keeps what it prints.

use std::{
    collections::HashMap,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use xtask::{
    cargo,
    catalogue::{Catalogue, Example, Order, Port, package},
    child,
    lab::Lab,
    python::{self, Python},
    trace::{self, folder::Folder},
};

use crate::recorded::{self, Printed, Recorded, check, commands, is_in_another_order};

/// Far more than any takes: the longest computes for a minute, in Python.
const LIMIT: Duration = Duration::from_secs(300);

/// How many more runs may show that the lines come in another order.
const MORE_RUNS: usize = 4;

/// What all runs need.
struct Recorder {
    programs: HashMap<String, PathBuf>,
    python: Python,
    lab: Lab,
    folder: Folder,
    source: String,
}

/// Records the chosen examples, all if no names are given; what is recorded of the others stays.
///
/// # Errors
/// If there is no such example, there is no Python, or a run fails or prints what it should not.
pub fn record(names: &[String]) -> Result<()> {
    let catalogue = Catalogue::load()?;
    let chosen = catalogue.select(names)?;
    let kept = if names.is_empty() { Recorded::default() } else { Recorded::read()? };
    let python = python::ready().context("both languages are recorded")?;
    let programs = cargo::build(true)?;
    let recorder = Recorder {
        // As the tutorials have them: two seconds are two seconds.
        lab: Lab::start(&programs, Some(1.0))?,
        folder: Folder::new()?,
        source: trace::source(Some(&python)).replace('\n', ", "),
        programs,
        python,
    };
    let mut old: HashMap<_, _> = kept
        .commands
        .into_iter()
        .map(|command| ((command.example.clone(), command.args.clone()), command))
        .collect();
    let mut made = Recorded::default();
    for example in &catalogue.examples {
        let is_chosen = chosen.iter().any(|it| std::ptr::eq(*it, example));
        for (args, ports) in commands(example) {
            if is_chosen {
                let command = example.command(args);
                println!("{command}");
                made.commands.push(recorder.record(example, args, &ports).context(command)?);
            } else {
                made.commands.extend(old.remove(&(example.full_name(), args.to_vec())));
            }
        }
    }
    made.write()
}

impl Recorder {
    fn record(
        &self,
        example: &Example,
        args: &[String],
        ports: &[&Port],
    ) -> Result<recorded::Command> {
        let rust = self.rust(example, args)?;
        let python = self.printed(&mut self.python.command(&example.twin()), args)?;
        check(example, ports, &rust, &python).context("Python")?;
        let mut again = None;
        if recorded::order(example, ports) != Order::Fixed {
            for _ in 0..MORE_RUNS {
                let other = self.rust(example, args)?;
                check(example, ports, &other, &rust).context("once more")?;
                if is_in_another_order(&rust, &other) {
                    again = Some(Printed::of(&other));
                    break;
                }
            }
        }
        Ok(recorded::Command {
            example: example.full_name(),
            args: args.to_vec(),
            source: self.source.clone(),
            rust: Printed::of(&rust),
            again,
            python: Printed::of(&python),
        })
    }

    fn rust(&self, example: &Example, args: &[String]) -> Result<String> {
        let program = self.programs.get(&package(&example.lesson));
        let mut command = Command::new(program.context("cargo did not say where the program is")?);
        self.printed(command.arg(&example.name), args)
    }

    /// What it prints, in a folder of its own.
    fn printed(&self, command: &mut Command, args: &[String]) -> Result<String> {
        let folder = self.folder.path().join("run");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        command.args(args).current_dir(&folder).stdin(Stdio::null());
        command.envs(self.lab.environment());
        // Lines when they are printed, as at a terminal.
        command.env("PACE", "1").env("PYTHONUNBUFFERED", "1");
        let done = child::run(command, LIMIT, |_| ())?;
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
        ensure!(!done.timed_out, "not done after {LIMIT:?}: {command:?}");
        ensure!(done.status.success(), "{command:?} ends with {}: {}", done.status, done.stderr);
        Ok(done.stdout)
    }
}
