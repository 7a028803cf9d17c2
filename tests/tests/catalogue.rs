//! The catalogue, the examples, the twins and the README say the same.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result};
use xtask::{
    catalogue::{Catalogue, Example, Port, package, root},
    index,
    transcript::Wording,
};

#[test]
fn every_example_has_a_row_and_every_row_an_example() -> Result<()> {
    let catalogue = Catalogue::load()?;
    for lesson in catalogue.lessons() {
        let listed = tests::run(tests::program(&package(lesson))?.arg("--list"))?;
        let rows = catalogue.examples.iter().filter(|example| example.lesson == lesson);
        let rows: String = rows.map(|example| format!("{}\n", example.name)).collect();
        assert_eq!(listed.stdout, rows, "{lesson}: --list against catalogue.toml");
    }
    Ok(())
}

#[test]
fn a_lesson_runs_all_its_examples_in_order_under_their_headings() -> Result<()> {
    let catalogue = Catalogue::load()?;
    for lesson in catalogue.lessons() {
        let folder = tempfile::tempdir()?;
        let done = tests::run(tests::program(&package(lesson))?.current_dir(folder.path()))?;
        assert!(done.status.success(), "{lesson}: {}", done.stderr);
        let headings = done.stdout.lines().filter_map(|line| line.strip_prefix("== "));
        let headings = headings.filter_map(|line| line.strip_suffix(" =="));
        let rows = catalogue.examples.iter().filter(|example| example.lesson == lesson);
        assert!(headings.eq(rows.map(|example| &*example.name)), "{lesson}: {}", done.stdout);
    }
    Ok(())
}

#[test]
fn every_lesson_folder_is_in_the_catalogue_and_has_an_alias() -> Result<()> {
    let catalogue = Catalogue::load()?;
    let names = fs::read_dir(root())?.map(|entry| Ok(entry?.file_name().into_string().ok()));
    let names = names.collect::<Result<Vec<_>>>()?;
    let folders: BTreeSet<_> =
        names.into_iter().flatten().filter(|name| name.starts_with('0')).collect();
    let lessons: BTreeSet<_> = catalogue.lessons().into_iter().map(String::from).collect();
    assert_eq!(folders, lessons);
    let aliases = fs::read_to_string(root().join(".cargo/config.toml"))?;
    for lesson in lessons {
        let alias = format!("{lesson} = \"run --quiet --bin {} --\"", package(&lesson));
        assert!(aliases.contains(&alias), "no alias: {alias}");
    }
    Ok(())
}

/// The example's file in Rust: its name, and what it holds.
fn source(example: &Example) -> Result<(String, String)> {
    let file = format!("{}/src/{}.rs", example.lesson, example.module());
    let source = fs::read_to_string(root().join(&file)).context(file.clone())?;
    Ok((file, source))
}

fn header(source: &str) -> Vec<&str> {
    source.lines().map_while(|line| line.strip_prefix("//!")).collect()
}

#[test]
fn every_row_has_a_twin_and_a_source_whose_header_names_its_slides() -> Result<()> {
    let catalogue = Catalogue::load()?;
    for example in &catalogue.examples {
        assert!(example.twin().exists(), "no twin {}", example.twin().display());
        let (file, source) = source(example)?;
        let header = header(&source).concat();
        assert_ne!(example.ports.is_empty(), example.extends.is_none(), "{file}: ports or extends");
        if let Some(other) = &example.extends {
            let (lesson, name) = other.split_once('/').unwrap_or((&example.lesson, other));
            catalogue.example(lesson, name)?;
            assert!(header.contains(&format!("Extends: {other}")), "{file} does not say so");
        }
        for port in &example.ports {
            let tutorial = catalogue.tutorial(&port.tutorial)?;
            let part = format!("{} {} {}", tutorial.name, tutorial.unit, port.part);
            assert!((1..=tutorial.parts.len()).contains(&port.part), "{file}: no {part}");
            assert!(!tutorial.text.contains(&port.part), "{file}: {part} has no code");
            assert!(header.contains(&part), "{file} does not say that it ports {part}");
        }
    }
    Ok(())
}

/// One idea a file: a slide's program can be read in a few minutes, beside its slide and beside its twin.
#[test]
fn a_slides_program_is_as_short_as_its_slide_in_both_languages() -> Result<()> {
    let mut lengths = Vec::new();
    for example in Catalogue::load()?.examples.iter().filter(|example| !example.ports.is_empty()) {
        let (file, source) = source(example)?;
        let length = source.lines().count();
        assert!(length <= 60, "{file} has {length} lines");
        assert!(header(&source).len() <= 12, "{file}: its header has {}", header(&source).len());
        assert!(!root().join(file.trim_end_matches(".rs")).exists(), "{file} has modules below it");
        lengths.push(length);
        let twin = fs::read_to_string(example.twin())?;
        let length = twin.lines().count();
        assert!(length <= 60, "{} has {length} lines", example.twin().display());
        let rust = functions(&source, "fn ").filter(|name| *name != "register");
        let rust: Vec<_> = rust.map(|name| if name == "run" { "main" } else { name }).collect();
        assert_eq!(rust, functions(&twin, "def ").collect::<Vec<_>>(), "{file} and its twin");
    }
    lengths.sort_unstable();
    assert!(
        lengths[(lengths.len() - 1) / 2] <= 45,
        "half of them have more than 45 lines: {lengths:?}"
    );
    Ok(())
}

/// The functions that stand at the left margin.
fn functions<'a>(source: &'a str, keyword: &str) -> impl Iterator<Item = &'a str> {
    source.lines().filter_map(move |line| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        let line = line.strip_prefix("async ").unwrap_or(line).strip_prefix(keyword)?;
        line.split(['(', '<']).next()
    })
}

#[test]
fn an_example_in_earnest_has_at_most_100_lines_a_file() -> Result<()> {
    for example in Catalogue::load()?.examples.iter().filter(|example| example.extends.is_some()) {
        let (file, source) = source(example)?;
        let mut lengths = vec![(file.clone(), source.lines().count())];
        if let Ok(below) = fs::read_dir(root().join(file.trim_end_matches(".rs"))) {
            for entry in below {
                let path = entry?.path();
                let length = fs::read_to_string(&path)?.lines().count();
                lengths.push((path.display().to_string(), length));
            }
        }
        for (file, length) in lengths {
            assert!(length <= 100, "{file} has {length} lines");
        }
    }
    Ok(())
}

/// What a rule does not change, no slide has needed it for.
#[test]
fn every_rule_of_lines_is_used_in_its_transcript() -> Result<()> {
    for example in &Catalogue::load()?.examples {
        for port in &example.ports {
            let args: Vec<_> = port.args.iter().map(String::as_str).collect();
            if port.lines.is_empty() {
                continue;
            }
            let folder = tempfile::tempdir()?;
            let mut command = tests::example(&example.lesson, &example.name, &args)?;
            let done = tests::run(command.current_dir(folder.path()))?;
            for rule in &port.lines {
                let alone = Port { lines: vec![rule.clone()], ..port.clone() };
                let changed = Wording::of(&alone)?.apply(&done.stdout) != done.stdout;
                assert!(changed, "{}: {rule:?} fits no line", example.command(&port.args));
            }
        }
    }
    Ok(())
}

#[test]
fn the_documents_have_what_the_catalogue_and_the_cheat_sheet_give() -> Result<()> {
    for (file, expected) in index::documents()? {
        let text = fs::read_to_string(root().join(file))?;
        assert!(text == expected, "{file} is behind: run `cargo xtask index`");
    }
    Ok(())
}

#[test]
fn the_critical_path_of_web_scraping_is_its_slowest_page() -> Result<()> {
    let catalogue = Catalogue::load()?;
    let example = catalogue.example("01-threading", "web-scraping")?;
    let pages = ["python.org", "pypi.org", "docs.python.org"];
    let slowest = pages.map(lab::site::latency).into_iter().fold(0.0, f64::max);
    assert!((example.waits - slowest).abs() < 1e-9, "waits = {slowest} in catalogue.toml");
    Ok(())
}

#[test]
fn the_containers_have_the_compiler_that_the_workspace_asks_for() -> Result<()> {
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let version = manifest.lines().find_map(|line| line.strip_prefix("rust-version = "));
    let image = format!("rust:{}-bookworm", version.context("no rust-version")?.trim_matches('"'));
    let container = fs::read_to_string(root().join(".devcontainer/devcontainer.json"))?;
    let container: serde_json::Value = serde_json::from_str(&container)?;
    assert_eq!(container["image"], *image);
    for file in [".github/workflows/ci.yml", "README.md"] {
        assert!(fs::read_to_string(root().join(file))?.contains(&image), "{file}: not {image}");
    }
    Ok(())
}
