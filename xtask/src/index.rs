//! `cargo xtask index`: what documents have from the catalogue and the cheat sheet's data.

use std::{fmt::Write, fs, process::ExitCode};

use anyhow::{Context, Result};

use crate::{
    catalogue::{Catalogue, root},
    cheat_sheet::CheatSheet,
};

const BEGIN: &str = "<!-- made by `cargo xtask index` -->\n";
const END: &str = "<!-- end of what is made -->";

/// Write docs/index.md and docs/cheat-sheet.md anew from the catalogue and the cheat sheet's data
#[derive(clap::Args)]
pub struct Args {}

/// Rewrites what stands between the two marks of each document.
///
/// # Errors
/// If a document or what it is made from cannot be read or written.
pub fn run(_: &Args) -> Result<ExitCode> {
    for (file, text) in documents()? {
        fs::write(root().join(file), text).with_context(|| format!("cannot write {file}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The documents as they should be, by their paths from the repository's root.
///
/// # Errors
/// If one lacks its marks, cannot be read, or what it is made from does not hold.
pub fn documents() -> Result<Vec<(&'static str, String)>> {
    let catalogue = Catalogue::load()?;
    let made = [
        ("docs/index.md", index(&catalogue)?),
        ("docs/cheat-sheet.md", tables(&CheatSheet::load()?, &catalogue)?),
    ];
    made.into_iter().map(|(file, part)| Ok((file, with_part(file, &part)?))).collect()
}

/// A document with what stands between its marks made anew.
fn with_part(file: &str, part: &str) -> Result<String> {
    let text =
        fs::read_to_string(root().join(file)).with_context(|| format!("cannot read {file}"))?;
    let (before, rest) =
        text.split_once(BEGIN).with_context(|| format!("{file} has no mark {BEGIN:?}"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("{file} has no mark {END:?}"))?;
    Ok([before, BEGIN, part, "\n", END, after].concat())
}

fn index(catalogue: &Catalogue) -> Result<String> {
    let mut text = String::new();
    for lesson in catalogue.lessons() {
        writeln!(text, "\n## [{lesson}](../{lesson}/README.md)\n")?;
        writeln!(text, "| example | Rust | Python | ports |\n|---|---|---|---|")?;
        for example in catalogue.examples.iter().filter(|example| example.lesson == lesson) {
            let name = &example.name;
            let (file, purpose) = (example.module(), example.purpose());
            writeln!(
                text,
                "| `cargo {lesson} {name}` | [{file}.rs](../{lesson}/src/{file}.rs) | [{file}.py](../{lesson}/python/{file}.py) | {purpose} |"
            )?;
        }
    }
    for tutorial in &catalogue.tutorials {
        writeln!(text, "\n## `cargo xtask follow {}`: {}\n", tutorial.name, tutorial.title)?;
        writeln!(text, "| {} | heading | command |\n|---|---|---|", tutorial.unit)?;
        for (part, heading) in (1..).zip(&tutorial.parts) {
            let ports = catalogue.ports(&tutorial.name, part);
            let commands =
                ports.iter().map(|(example, port)| format!("`{}`", example.command(&port.args)));
            let commands = match &commands.collect::<Vec<_>>()[..] {
                [] => "no code: see [Further reading](../README.md#further-reading)".into(),
                commands => commands.join("<br>"),
            };
            writeln!(text, "| {part} | {heading} | {commands} |")?;
        }
    }
    Ok(text)
}

fn tables(sheet: &CheatSheet, catalogue: &Catalogue) -> Result<String> {
    let mut text = String::new();
    for topic in &sheet.topics {
        writeln!(text, "\n## {}\n", topic.name)?;
        writeln!(text, "| Python | Rust | used in | beware |\n|---|---|---|---|")?;
        for row in &topic.rows {
            let place = row.place(catalogue)?;
            let (file, line, example) = (&place.file, place.line, &row.example);
            let pitfall = row.pitfall.as_deref().unwrap_or_default();
            let cells =
                format!("{}\0{}\0[{example}](../{file}#L{line})\0{pitfall}", row.python, row.rust);
            writeln!(text, "| {} |", cells.replace('|', r"\|").replace('\0', " | "))?;
        }
    }
    Ok(text)
}
