//! The documents: what they link to is there, and each keeps to its form.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use xtask::catalogue::{Catalogue, root};

/// All Markdown files that are ours, from the repository's root.
fn documents() -> Result<Vec<PathBuf>> {
    let mut found = ["README.md", "races/README.md", "tests/README.md"].map(PathBuf::from).to_vec();
    for entry in fs::read_dir(root().join("docs"))? {
        let name = entry?.file_name();
        if name.to_string_lossy().ends_with(".md") {
            found.push(PathBuf::from("docs").join(name));
        }
    }
    for lesson in Catalogue::load()?.lessons() {
        found.push(PathBuf::from(lesson).join("README.md"));
    }
    ensure!(found.len() >= 12, "{found:?}");
    Ok(found)
}

/// The targets of a document's links, `](TARGET)`, and its pictures.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let linked = text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
    linked.chain(pictures(text).map(|(picture, _)| picture))
}

/// Each picture's file, and what else is said of it.
fn pictures(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("<img src=\"").skip(1).filter_map(|rest| rest.split_once('>')?.0.split_once('"'))
}

/// A heading's name in links: in lower case, blanks as hyphens, without what is neither letter, number nor hyphen.
fn anchor(heading: &str) -> String {
    let heading = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
    heading.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
}

#[test]
fn every_link_leads_somewhere() -> Result<()> {
    let mut checked = 0;
    for document in documents()? {
        let path = root().join(&document);
        let text = fs::read_to_string(&path)?;
        for link in links(&text).filter(|link| !link.contains("://")) {
            let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target =
                if file.is_empty() { path.clone() } else { path.with_file_name("").join(file) };
            let broken = || format!("{}: {link}", document.display());
            ensure!(target.exists(), "{}: there is no such file", broken());
            if let Some(line) = fragment.strip_prefix('L') {
                let line: usize = line.parse().with_context(broken)?;
                let lines = fs::read_to_string(&target)?.lines().count();
                ensure!((1..=lines).contains(&line), "{}: there is no such line", broken());
            } else if !fragment.is_empty() {
                let text = fs::read_to_string(&target)?;
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                let found = headings.any(|heading| anchor(heading) == fragment);
                ensure!(found, "{}: there is no such heading", broken());
            }
            checked += 1;
        }
    }
    ensure!(checked > 500, "{checked} links");
    Ok(())
}

#[test]
fn every_picture_is_as_wide_as_its_place() -> Result<()> {
    let mut checked = 0;
    for document in documents()? {
        let text = fs::read_to_string(root().join(&document))?;
        ensure!(!text.contains("!["), "{}: Markdown's pictures have no width", document.display());
        for (picture, said) in pictures(&text) {
            ensure!(said.contains(r#" width="100%" alt=""#), "{picture}: {said}");
            checked += 1;
        }
    }
    ensure!(checked >= 8, "{checked} pictures");
    Ok(())
}

#[test]
fn every_word_of_the_glossary_has_two_sentences_and_a_link() -> Result<()> {
    let text = fs::read_to_string(root().join("docs/glossary.md"))?;
    let words: Vec<_> = text.split("\n\n").filter(|entry| entry.starts_with("**")).collect();
    for entry in &words {
        let (said, link) = entry.split_once("\n→ ").with_context(|| format!("no link: {entry}"))?;
        let (_, said) = said.split_once(".** ").with_context(|| format!("no word: {entry}"))?;
        let said = said.replace('\n', " ");
        assert_eq!(said.split(". ").count(), 2, "{said}");
        ensure!(said.ends_with('.') && links(link).count() > 0, "{entry}");
    }
    ensure!(words.is_sorted_by_key(|word| word.to_lowercase()), "the glossary is not sorted");
    ensure!(words.len() >= 40, "{} words", words.len());
    Ok(())
}

#[test]
fn every_lesson_begins_with_what_it_teaches_and_asks_before_it_tells() -> Result<()> {
    for lesson in Catalogue::load()?.lessons() {
        let text = fs::read_to_string(root().join(lesson).join("README.md"))?;
        let (before, _) = text.split_once("\n| ").context("no table")?;
        ensure!(
            before.contains("After this lesson you can"),
            "{lesson} does not say what it teaches"
        );
        let questions = text.matches("<details><summary>").count();
        ensure!((3..=5).contains(&questions), "{lesson}: {questions} questions");
        assert_eq!(text.matches("</details>").count(), questions, "{lesson}");
    }
    Ok(())
}
