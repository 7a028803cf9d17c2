//! What the examples print: real runs, kept in a committed file, `cargo xtask book --record`.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use xtask::{
    catalogue::{Example, Order, Port, root},
    transcript::{Wording, canonical, difference},
};

/// All that is recorded.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Recorded {
    /// In the order of the catalogue.
    pub commands: Vec<Command>,
}

/// What a command printed.
#[derive(Debug, Deserialize, Serialize)]
pub struct Command {
    /// LESSON/EXAMPLE.
    pub example: String,
    /// The example's arguments.
    pub args: Vec<String>,
    /// When, on which machine, with what.
    pub source: String,
    /// The Rust program's run.
    pub rust: Printed,
    /// A later run whose lines came in another order, if one of those that were tried did so.
    pub again: Option<Printed>,
    /// The Python program's run.
    pub python: Printed,
}

/// What a program printed.
#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Printed {
    /// The first of its lines.
    pub lines: Vec<String>,
    /// How many more there were.
    #[serde(default)]
    pub more: usize,
}

/// Lines that are kept of an output; only examples in earnest print more.
const KEPT: usize = 30;

impl Printed {
    /// What is kept of an output.
    pub fn of(output: &str) -> Self {
        let lines: Vec<_> = output.lines().take(KEPT).map(String::from).collect();
        let more = output.lines().count() - lines.len();
        Self { lines, more }
    }

    /// The lines that are kept, as they were printed.
    pub fn text(&self) -> String {
        self.lines.iter().flat_map(|line| [line, "\n"]).collect()
    }
}

impl Recorded {
    /// The file that has them.
    pub fn file() -> PathBuf {
        root().join("docs/recorded-runs.json")
    }

    /// Reads the file.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read() -> Result<Self> {
        let file = Self::file();
        let read = || -> Result<Self> { Ok(serde_json::from_slice(&fs::read(&file)?)?) };
        read().with_context(|| {
            format!("cannot read {}; cargo xtask book --record makes it anew", file.display())
        })
    }

    /// Writes it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self) -> Result<()> {
        let file = Self::file();
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    }

    /// What an example's command printed.
    ///
    /// # Errors
    /// If that is not recorded.
    pub fn of(&self, example: &Example, args: &[String]) -> Result<&Command> {
        let name = example.full_name();
        let mut commands = self.commands.iter();
        commands.find(|it| it.example == name && it.args == args).with_context(|| {
            let command = example.command(args);
            format!("no run of {command} is recorded; cargo xtask book --record {name} does it")
        })
    }
}

/// The commands of an example that are recorded, with the parts that they show: its slides' commands, each once. One
/// in earnest has that with which it is measured.
pub fn commands(example: &Example) -> Vec<(&[String], Vec<&Port>)> {
    let mut commands: Vec<(&[String], Vec<&Port>)> = Vec::new();
    for port in &example.ports {
        match commands.iter_mut().find(|(args, _)| *args == port.args) {
            Some((_, ports)) => ports.push(port),
            None => commands.push((&port.args, vec![port])),
        }
    }
    if commands.is_empty() {
        commands.push((&example.bench, Vec::new()));
    }
    commands
}

/// Which order of the lines counts when a command is run.
pub fn order(example: &Example, ports: &[&Port]) -> Order {
    ports.first().map_or(example.order, |port| example.order_in(port))
}

/// Checks what a command printed: by the transcripts of its parts, or where there are none by another run of it.
///
/// # Errors
/// Where they differ.
pub fn check(example: &Example, ports: &[&Port], output: &str, other: &str) -> Result<()> {
    for port in ports {
        let file = format!("{}.{}-{}.txt", example.full_name(), port.tutorial, port.part);
        let path = root().join("tests/expected").join(&file);
        let expected =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let actual = canonical(&Wording::of(port)?.apply(output), example.order_in(port));
        let parts = difference(&actual, &expected);
        ensure!(parts.is_none(), "not what {file} has: {}", parts.unwrap_or_default());
    }
    let order = order(example, ports);
    let parts = difference(&canonical(output, order), &canonical(other, order));
    ensure!(parts.is_none(), "two runs differ: {}", parts.unwrap_or_default());
    Ok(())
}

/// Whether two outputs of a command have their lines in different orders.
pub fn is_in_another_order(one: &str, other: &str) -> bool {
    canonical(one, Order::Fixed) != canonical(other, Order::Fixed)
}
