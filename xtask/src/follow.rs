//! `cargo xtask follow`: a tutorial part by part, with the command that shows it and its output.

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, IsTerminal, Write},
    ops::RangeInclusive,
    path::{Path, PathBuf},
    process::{Command, ExitCode, ExitStatus, Stdio},
};

use anyhow::{Context, Result};

use crate::{
    cargo,
    catalogue::{Catalogue, Example, Port, Tutorial, Unknown, package},
    check::Tally,
    transcript::Wording,
};

/// Follow a tutorial part by part: heading, command, output
#[derive(clap::Args)]
pub struct Args {
    /// The tutorial's short name; without it, the tutorials are listed
    tutorial: Option<String>,
    /// One part only
    #[arg(long, requires = "tutorial")]
    part: Option<usize>,
    /// Wait for Enter before the next part
    #[arg(long, requires = "tutorial")]
    pause: bool,
    /// Only say whether the parts run, of all tutorials if none is named
    #[arg(long, conflicts_with = "pause")]
    check: bool,
}

/// Shows the tutorial, or lists them all.
///
/// # Errors
/// If there is no such tutorial or part, or a program cannot be built or started.
pub fn run(args: &Args) -> Result<ExitCode> {
    let catalogue = Catalogue::load()?;
    let tutorials = match &args.tutorial {
        Some(name) => vec![catalogue.tutorial(name)?],
        None => catalogue.tutorials.iter().collect(),
    };
    match (args.check, args.tutorial.is_some()) {
        (true, _) => check(&catalogue, &tutorials, args.part),
        (false, true) => show_parts(&catalogue, tutorials[0], args),
        (false, false) => {
            list(&tutorials);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn show_parts(catalogue: &Catalogue, tutorial: &Tutorial, args: &Args) -> Result<ExitCode> {
    let parts = tutorial.chosen(args.part)?;
    let programs = cargo::build(false)?;
    let ports = || parts.clone().flat_map(|part| catalogue.ports(&tutorial.name, part));
    if ports().any(|(_, port)| !port.lines.is_empty()) {
        println!(
            "(Lines are in the words of the {}s; run by itself, an example says some otherwise.)\n",
            tutorial.unit
        );
    }
    let mut failed = Vec::new();
    for part in parts.clone() {
        if part > *parts.start() {
            println!();
            if args.pause && !go_on()? {
                break;
            }
        }
        if !show(catalogue, &programs, tutorial, part)? {
            failed.push(part.to_string());
        }
    }
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("error: failed: {} {} {}", tutorial.name, tutorial.unit, failed.join(", "));
    Ok(ExitCode::FAILURE)
}

fn list(tutorials: &[&Tutorial]) {
    for tutorial in tutorials {
        let parts = format!("{} {}s", tutorial.parts.len(), tutorial.unit);
        println!("{:13} {:12} {}", tutorial.name, parts, tutorial.title);
    }
}

fn check(catalogue: &Catalogue, tutorials: &[&Tutorial], part: Option<usize>) -> Result<ExitCode> {
    let chosen = tutorials
        .iter()
        .map(|tutorial| Ok((*tutorial, tutorial.chosen(part)?)))
        .collect::<Result<Vec<_>>>()?;
    let programs = cargo::build(false)?;
    let mut tally = Tally::default();
    for (tutorial, parts) in chosen {
        tally.add(catalogue, &programs, tutorial, parts)?;
    }
    Ok(if tally.close() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Shows one part; false if a program of it failed.
fn show(
    catalogue: &Catalogue,
    programs: &HashMap<String, PathBuf>,
    tutorial: &Tutorial,
    part: usize,
) -> Result<bool> {
    println!("{} {} {part}: {}", tutorial.name, tutorial.unit, tutorial.parts[part - 1]);
    let ports = catalogue.ports(&tutorial.name, part);
    if tutorial.text.contains(&part) {
        println!("(no code in this {}: see README.md, \"Further reading\")", tutorial.unit);
    }
    let mut well = true;
    for (example, port) in ports {
        let (lesson, file) = (&example.lesson, example.module());
        println!("Read {lesson}/src/{file}.rs beside {lesson}/python/{file}.py");
        println!("$ {}", example.command(&port.args));
        let program = programs.get(&package(&example.lesson));
        let program = program.context("cargo did not say where the program is")?;
        let status = run_in_words(program, example, port);
        well &= status.with_context(|| format!("cannot run {}", program.display()))?.success();
    }
    if let Some(next) = tutorial.parts.get(part) {
        let Tutorial { name, unit, .. } = tutorial;
        println!(
            "Next is {unit} {}, {next}: cargo xtask follow {name} --part {}",
            part + 1,
            part + 1
        );
    }
    Ok(well)
}

/// Runs an example and shows its lines as they come, in the words of the part.
fn run_in_words(program: &Path, example: &Example, port: &Port) -> Result<ExitStatus> {
    let wording = Wording::of(port)?;
    let mut command = Command::new(program);
    command.arg(&example.name).args(&port.args);
    if wording.is_plain() {
        return Ok(command.status()?);
    }
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    for line in child.stdout.take().into_iter().flat_map(|stdout| BufReader::new(stdout).lines()) {
        if let Some(line) = wording.line(&line?) {
            println!("{line}");
        }
    }
    Ok(child.wait()?)
}

/// Waits for Enter; false at the end of input.
fn go_on() -> Result<bool> {
    if io::stdin().is_terminal() {
        print!("-- Enter goes on, Ctrl-D ends --");
        io::stdout().flush()?;
    }
    Ok(io::stdin().read_line(&mut String::new())? > 0)
}

impl Tutorial {
    /// One part, or all of them.
    fn chosen(&self, part: Option<usize>) -> Result<RangeInclusive<usize>, Unknown> {
        let all = 1..=self.parts.len();
        match part {
            None => Ok(all),
            Some(part) if all.contains(&part) => Ok(part..=part),
            Some(part) => Err(Unknown::new("part", &part, [format!("1 to {}", self.parts.len())])),
        }
    }
}
