//! `cargo xtask index`: the README's index, from the catalogue.

use std::{fmt::Write, fs, process::ExitCode};

use anyhow::{Context, Result};

use crate::catalogue::{Catalogue, root};

const BEGIN: &str = "<!-- index: made by `cargo xtask index` -->\n";
const END: &str = "<!-- end of index -->";

/// Write the index of README.md anew from the catalogue
#[derive(clap::Args)]
pub struct Args {}

/// Rewrites the index between its two marks in README.md.
///
/// # Errors
/// If the README or the catalogue cannot be read or written.
pub fn run(_: &Args) -> Result<ExitCode> {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).context("cannot read README.md")?;
    fs::write(&path, with_index(&readme, &Catalogue::load()?)?)
        .context("cannot write README.md")?;
    Ok(ExitCode::SUCCESS)
}

/// The README with its index made anew.
///
/// # Errors
/// If the README lacks the marks between which the index stands.
pub fn with_index(readme: &str, catalogue: &Catalogue) -> Result<String> {
    let (before, rest) = readme.split_once(BEGIN).context("README.md has no index mark")?;
    let (_, after) = rest.split_once(END).context("README.md has no mark at the index's end")?;
    Ok([before, BEGIN, &index(catalogue)?, END, after].concat())
}

fn index(catalogue: &Catalogue) -> Result<String> {
    let mut text = String::new();
    for lesson in catalogue.lessons() {
        writeln!(text, "\n### [{lesson}]({lesson}/README.md)\n")?;
        writeln!(text, "| example | Rust | Python | ports |\n|---|---|---|---|")?;
        for example in catalogue.examples.iter().filter(|example| example.lesson == lesson) {
            let name = &example.name;
            let ports = example.ports.iter().map(|port| format!("{} {}", port.tutorial, port.part));
            let ports = ports.collect::<Vec<_>>().join(" · ");
            let file = example.module();
            writeln!(
                text,
                "| `cargo {lesson} {name}` | [{file}.rs]({lesson}/src/{file}.rs) | [{file}.py]({lesson}/python/{file}.py) | {ports} |"
            )?;
        }
    }
    for tutorial in &catalogue.tutorials {
        writeln!(text, "\n### `cargo xtask follow {}`: {}\n", tutorial.name, tutorial.title)?;
        writeln!(text, "| {} | heading | command |\n|---|---|---|", tutorial.unit)?;
        for (part, heading) in (1..).zip(&tutorial.parts) {
            let ports = catalogue.ports(&tutorial.name, part);
            let commands =
                ports.iter().map(|(example, port)| format!("`{}`", example.command(&port.args)));
            let commands = match &commands.collect::<Vec<_>>()[..] {
                [] if tutorial.text.contains(&part) => "no code: see Further reading".into(),
                [] => "not here yet".into(),
                commands => commands.join("<br>"),
            };
            writeln!(text, "| {part} | {heading} | {commands} |")?;
        }
    }
    text.push('\n');
    Ok(text)
}
