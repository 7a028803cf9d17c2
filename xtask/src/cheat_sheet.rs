//! `docs/cheat-sheet.toml`: what answers in Rust to what is written in Python, and where it is used.

use std::{collections::HashMap, fs};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::catalogue::{Catalogue, root};

/// The whole sheet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheatSheet {
    /// Modules of which every name is wanted.
    pub modules: Vec<String>,
    /// The tables, in order.
    #[serde(rename = "topic")]
    pub topics: Vec<Topic>,
}

/// A table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Its heading.
    pub name: String,
    /// Its rows.
    #[serde(rename = "row")]
    pub rows: Vec<Row>,
}

/// What is written in Python, what answers to it in Rust, and where that is used.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// As it is written in Python, in Markdown.
    pub python: String,
    /// The names by which a script's use of it is known, as `xtask/python/map` gives them.
    #[serde(default)]
    pub names: Vec<String>,
    /// What answers to it, in Markdown.
    pub rust: String,
    /// The example to read, as LESSON/NAME.
    pub example: String,
    /// Where it is used, from the repository's root, if not in the example's own file.
    file: Option<String>,
    /// A text of the line where it is used.
    line: String,
    /// What a reader from Python falls into, in Markdown.
    pub pitfall: Option<String>,
}

/// Where a row's Rust is used.
#[derive(Debug)]
pub struct Place {
    /// From the repository's root.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// The command that runs the example.
    pub command: String,
}

impl CheatSheet {
    /// Reads `docs/cheat-sheet.toml`.
    ///
    /// # Errors
    /// If it cannot be read or does not have the form that this module's types give.
    pub fn load() -> Result<Self> {
        let path = root().join("docs/cheat-sheet.toml");
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("cannot read {}", path.display()))
    }

    /// The rows by the names that they have.
    ///
    /// # Errors
    /// If two rows have one name.
    pub fn by_name(&self) -> Result<HashMap<&str, &Row>> {
        let mut rows = HashMap::new();
        for row in self.topics.iter().flat_map(|topic| &topic.rows) {
            for name in &row.names {
                let other = rows.insert(&**name, row);
                anyhow::ensure!(other.is_none(), "cheat-sheet.toml has {name} twice");
            }
        }
        Ok(rows)
    }
}

impl Row {
    /// Finds the line where it is used: the first that has the text and is no comment.
    ///
    /// # Errors
    /// If there is no such example, file or line.
    pub fn place(&self, catalogue: &Catalogue) -> Result<Place> {
        let whose = || format!("cheat-sheet.toml, the row of {}", self.python);
        let (lesson, name) = self.example.split_once('/').unwrap_or_default();
        let example = catalogue.example(lesson, name).with_context(whose)?;
        let own = format!("{lesson}/src/{}.rs", example.module());
        let file = self.file.clone().unwrap_or(own);
        let text = fs::read_to_string(root().join(&file))
            .with_context(|| format!("cannot read {file}"))
            .with_context(whose)?;
        let is_it = |line: &str| line.contains(&self.line) && !line.trim().starts_with("//");
        let line = text.lines().position(is_it);
        let line = line.with_context(|| format!("{file} has no line with {:?}", self.line));
        Ok(Place { file, line: line.with_context(whose)? + 1, command: example.command(&[]) })
    }
}
