//! The catalogue, the examples, the twins and the README say the same.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result};
use xtask::{
    catalogue::{Catalogue, package, root},
    index,
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
        let alias = format!("{lesson} = \"run --quiet --package {} --\"", package(&lesson));
        assert!(aliases.contains(&alias), "no alias: {alias}");
    }
    Ok(())
}

#[test]
fn every_row_has_a_twin_and_a_source_whose_header_names_its_slides() -> Result<()> {
    let catalogue = Catalogue::load()?;
    for example in &catalogue.examples {
        assert!(example.twin().exists(), "no twin {}", example.twin().display());
        let file = format!("{}/src/{}.rs", example.lesson, example.module());
        let source = fs::read_to_string(root().join(&file)).context(file.clone())?;
        let header = source.lines().map_while(|line| line.strip_prefix("//!"));
        let header = header.collect::<Vec<_>>().concat();
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

#[test]
fn the_readme_has_the_index_that_the_catalogue_gives() -> Result<()> {
    let readme = fs::read_to_string(root().join("README.md"))?;
    let expected = index::with_index(&readme, &Catalogue::load()?)?;
    assert!(readme == expected, "README.md is behind catalogue.toml: run `cargo xtask index`");
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
