//! `cargo xtask follow`: a tutorial part by part, with the command that shows it and its output.

use std::{
    collections::{BTreeSet, HashMap},
    io::{self, IsTerminal, Write},
    ops::RangeInclusive,
    path::PathBuf,
    process::{Command, ExitCode},
};

use anyhow::{Context, Result};

use crate::{
    cargo,
    catalogue::{Catalogue, Tutorial, Unknown, package},
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
    #[arg(long)]
    pause: bool,
}

/// Shows the tutorial, or lists them all.
///
/// # Errors
/// If there is no such tutorial or part, or a program cannot be built or started.
pub fn run(args: &Args) -> Result<ExitCode> {
    let catalogue = Catalogue::load()?;
    let Some(name) = &args.tutorial else {
        list(&catalogue);
        return Ok(ExitCode::SUCCESS);
    };
    let tutorial = catalogue.tutorial(name)?;
    let parts = match args.part {
        None => 1..=tutorial.parts.len(),
        Some(part) => tutorial.has(part).map(|()| part..=part)?,
    };
    let programs = build(&catalogue, tutorial, parts.clone())?;
    let mut failed = Vec::new();
    for part in parts.clone() {
        if part > *parts.start() {
            println!();
            if args.pause && !go_on()? {
                break;
            }
        }
        if !show(&catalogue, &programs, tutorial, part)? {
            failed.push(part.to_string());
        }
    }
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("error: failed: {} {} {}", tutorial.name, tutorial.unit, failed.join(", "));
    Ok(ExitCode::FAILURE)
}

fn list(catalogue: &Catalogue) {
    for tutorial in &catalogue.tutorials {
        let parts = format!("{} {}s", tutorial.parts.len(), tutorial.unit);
        println!("{:13} {:12} {}", tutorial.name, parts, tutorial.title);
    }
}

/// Builds what the parts need, so that between them stands nothing but their output.
fn build(
    catalogue: &Catalogue,
    tutorial: &Tutorial,
    parts: RangeInclusive<usize>,
) -> Result<HashMap<String, PathBuf>> {
    let ports = parts.flat_map(|part| catalogue.ports(&tutorial.name, part));
    let packages: BTreeSet<_> = ports.map(|(example, _)| package(&example.lesson)).collect();
    if packages.is_empty() {
        return Ok(HashMap::new());
    }
    cargo::build(&Vec::from_iter(packages), false)
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
    } else if ports.is_empty() {
        println!("(its lesson is not in this repository yet)");
    }
    let mut well = true;
    for (example, port) in ports {
        println!("$ {}", example.command(&port.args));
        let program = programs.get(&package(&example.lesson));
        let program = program.context("cargo did not say where the program is")?;
        let status = Command::new(program)
            .arg(&example.name)
            .args(&port.args)
            .status()
            .with_context(|| format!("cannot start {}", program.display()))?;
        well &= status.success();
    }
    Ok(well)
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
    fn has(&self, part: usize) -> Result<(), Unknown> {
        if (1..=self.parts.len()).contains(&part) {
            return Ok(());
        }
        Err(Unknown::new("part", &part, [format!("1 to {}", self.parts.len())]))
    }
}
