//! `cargo xtask map`: a reader's own script, construct by construct, with what answers to each in Rust.

use std::{
    collections::HashMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    thread,
};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::{
    catalogue::{Catalogue, root},
    cheat_sheet::{CheatSheet, Row},
    prose::indented,
    python::{self, interpreter::Interpreter},
};

/// Show what answers in Rust to the concurrency in a Python script of yours
#[derive(clap::Args)]
pub struct Args {
    /// The script; it is read, never run
    script: PathBuf,
}

/// What `xtask/python/map` says.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Uses { uses: Vec<Use>, missing: Vec<String> },
    Error { error: String, line: Option<usize> },
}

/// A name, and the line where it is used.
#[derive(Debug, Deserialize)]
pub struct Use {
    /// From 1.
    pub line: usize,
    /// As in the cheat sheet's rows.
    pub name: String,
}

/// Prints each construct of the script with its counterpart, the example to read and the pitfall.
///
/// # Errors
/// If the script cannot be read or understood, has no concurrency in it, or there is no Python.
pub fn run(args: &Args) -> Result<ExitCode> {
    let script = &args.script;
    let source = fs::read(script).with_context(|| format!("cannot read {}", script.display()))?;
    let (uses, missing) = uses_in(&python::find()?, script, &source)?;
    let (sheet, catalogue) = (CheatSheet::load()?, Catalogue::load()?);
    let rows = sheet.by_name()?;
    ensure!(
        uses.iter().any(|it| is_wanted(&sheet, &it.name)),
        "{} has no concurrency that is known here: no threads, processes, queues, pools, tasks",
        script.display()
    );
    let source = String::from_utf8_lossy(&source);
    let lines: Vec<_> = source.lines().collect();
    let mut shown = HashMap::new();
    let mut unknown = Vec::new();
    let mut said = 0;
    for Use { line, name } in &uses {
        let Some(row) = rows.get(&**name) else {
            unknown.extend(is_wanted(&sheet, name).then_some((*line, &**name)));
            continue;
        };
        if said != *line {
            println!("{line:>4}  {}", lines.get(line - 1).unwrap_or(&"").trim());
            said = *line;
        }
        match shown.get(&row.python) {
            Some(first) if first == line => {}
            Some(first) => println!("      {name}: as in line {first}"),
            None => show(name, row, &catalogue)?,
        }
        shown.entry(&row.python).or_insert(*line);
    }
    for module in missing {
        println!("\n{module} is used and never imported: Python stops there with a NameError.");
    }
    if !unknown.is_empty() {
        println!("\nNot in the cheat sheet:");
    }
    for (line, name) in unknown {
        println!("{line:>4}  {name}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a name is one of concurrency, or of a library that the lessons are about: of such a module, or syntax.
pub fn is_wanted(sheet: &CheatSheet, name: &str) -> bool {
    let word = name.split(' ').find(|word| !["import", "from", "with", "async"].contains(word));
    let module = word.and_then(|word| word.split('.').next()).unwrap_or(name);
    ["def", "for", "await"].contains(&module) || sheet.modules.iter().any(|it| it == module)
}

fn show(name: &str, row: &Row, catalogue: &Catalogue) -> Result<()> {
    let place = row.place(catalogue)?;
    println!("{}", indented(&format!("{name} → {}", row.rust)));
    println!("      read {}:{}", place.file, place.line);
    println!("      run  {}", place.command);
    if let Some(pitfall) = &row.pitfall {
        println!("{}", indented(&format!("Beware: {pitfall}")));
    }
    Ok(())
}

/// What a script uses, each name once a line, and which modules it forgets to import; read by the parser of a Python,
/// of which this gets the interpreter and the version.
///
/// # Errors
/// If the interpreter does not run, or does not understand the script.
pub fn uses_in(
    python: &Interpreter,
    script: &Path,
    source: &[u8],
) -> Result<(Vec<Use>, Vec<String>)> {
    let Interpreter { executable, version, .. } = python;
    let mut child = Command::new(executable)
        .args(["-IB", "-W", "ignore"])
        .arg(root().join("xtask/python/map"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {}", executable.display()))?;
    let stdin = child.stdin.take();
    let output = thread::scope(|scope| {
        // It ends early only with an error, which its status tells.
        scope.spawn(|| stdin.map(|mut stdin| stdin.write_all(source)));
        child.wait_with_output()
    })?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the reader of scripts failed: {}", said.trim());
    let answer = serde_json::from_slice(&output.stdout);
    match answer.context("the reader of scripts gave no answer")? {
        Answer::Uses { uses, missing } => Ok((uses, missing)),
        Answer::Error { error, line } => {
            let place = line.map_or_else(String::new, |line| format!(", line {line}"));
            bail!("{}{place}: {error} (read by Python {version})", script.display())
        }
    }
}
