//! Programs that the compiler must refuse, for the reason that their first line gives, and their mended twins, which
//! must compile and run.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use anyhow::{Result, ensure};
use serde_json::Value;
use xtask::{
    catalogue::{Catalogue, root},
    refused::{self, compiler},
};

#[test]
fn every_refused_program_is_refused_for_its_reason() -> Result<()> {
    let all = refused::all()?;
    ensure!(all.len() >= 28, "{} refused programs found", all.len());
    for program in all {
        // A warning or a second error would hide that the first is gone.
        let complaints = complaints(&program.file())?;
        assert_eq!(complaints, BTreeSet::from([program.error]), "{}", program.name);
    }
    Ok(())
}

#[test]
fn every_mended_program_runs() -> Result<()> {
    let scratch = tempfile::tempdir()?;
    for program in refused::all()? {
        // No limit on the compiler, which on a busy machine takes as long as it takes.
        let built =
            compiler(&program.mended(), scratch.path()).args(["-D", "warnings"]).output()?;
        let said = String::from_utf8_lossy(&built.stderr);
        ensure!(built.status.success(), "{}: {said}", program.mended().display());
        let name = format!("{}_mended", program.name);
        let done = tests::run(&mut Command::new(scratch.path().join(&name)))?;
        ensure!(done.status.success(), "{name}: {}{}", done.status, done.stderr);
        ensure!(!done.stdout.is_empty(), "{name} does not show that it runs");
    }
    Ok(())
}

/// A twin shows what is to be changed, so at least half of its lines are the other's.
#[test]
fn every_mended_program_is_a_near_twin() -> Result<()> {
    for program in refused::all()? {
        let lines: BTreeSet<_> = program.code.lines().collect();
        let changed = program.mended_code.lines().filter(|line| !lines.contains(line)).count();
        let all = program.mended_code.lines().count();
        ensure!(changed * 2 <= all, "{}: {changed} of {all} lines differ", program.name);
        ensure!(program.code != program.mended_code, "{} is not mended", program.name);
    }
    Ok(())
}

#[test]
fn every_refused_program_stands_in_its_lessons_table_with_its_twin() -> Result<()> {
    let catalogue = Catalogue::load()?;
    for program in refused::all()? {
        for lesson in &program.lessons {
            let readme = Path::new(catalogue.lesson(lesson)?).join("README.md");
            let text = fs::read_to_string(root().join(&readme))?;
            for file in [program.file(), program.mended()] {
                let link = format!("(../{})", file.display());
                ensure!(text.contains(&link), "{} lacks {link}", readme.display());
            }
        }
    }
    Ok(())
}

/// The codes of the warnings and errors that the compiler reports, or the message of one that has no code.
fn complaints(file: &Path) -> Result<BTreeSet<String>> {
    let scratch = tempfile::tempdir()?;
    let mut command = compiler(file, scratch.path());
    let output = command.args(["--emit", "metadata", "--error-format", "json"]).output()?;
    let stderr = String::from_utf8(output.stderr)?;
    let messages = stderr.lines().filter(|line| line.starts_with('{'));
    let messages = messages.map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    let reason = |message: &Value| {
        let text = message["message"].as_str()?;
        let counted = text.starts_with("aborting due to") || message["level"] == "failure-note";
        (!counted).then(|| message["code"]["code"].as_str().unwrap_or(text).to_owned())
    };
    Ok(messages.iter().filter_map(reason).collect())
}
