//! `catalogue.toml`: which example ports which part of which tutorial, and how it is measured.

#[cfg(test)]
mod hostile;
mod measured;
mod unknown;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::Deserialize;

pub use self::{
    measured::{More, Order, Peer},
    unknown::Unknown,
};

/// The whole catalogue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// What a report measures against itself.
    pub control: Control,
    /// The five tutorials.
    #[serde(rename = "tutorial")]
    pub tutorials: Vec<Tutorial>,
    /// The examples, in the order of their lessons' tables of contents.
    #[serde(rename = "example")]
    pub examples: Vec<Example>,
}

/// An example's Rust program with arguments of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// The lesson's folder.
    pub lesson: String,
    /// The example.
    pub name: String,
    /// Its arguments.
    pub args: Vec<String>,
}

/// A tutorial and its parts, numbered from 1.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tutorial {
    /// Its short name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it calls a part: `slide` or `section`.
    pub unit: String,
    /// The parts' headings.
    pub parts: Vec<String>,
    /// The parts that have no code to port.
    #[serde(default)]
    pub text: Vec<usize>,
}

/// An example.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The lesson's folder, as in `01-threading`.
    pub lesson: String,
    /// Its name on the command line.
    pub name: String,
    /// Seconds on the critical path of the bench run at `PACE=1`; 0 where nothing waits.
    pub waits: f64,
    /// Which order of the output's lines counts.
    pub order: Order,
    /// Arguments under `bench-all`.
    pub bench: Vec<String>,
    /// Further runs under `bench-all`.
    #[serde(default)]
    pub more: Vec<More>,
    /// What is measured beside it with `--peers`.
    #[serde(default)]
    pub peers: Vec<Peer>,
    /// The parts that it ports: it is a slide's program.
    #[serde(default)]
    pub ports: Vec<Port>,
    /// The example that it goes beyond, of its lesson or as `LESSON/EXAMPLE`: it is in earnest, and ports nothing.
    pub extends: Option<String>,
}

/// One part of a tutorial, and the arguments that show it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Port {
    /// The tutorial's short name.
    pub tutorial: String,
    /// The part, from 1.
    pub part: usize,
    /// The example's arguments.
    pub args: Vec<String>,
    /// Which order of the lines counts in this part, if not the example's.
    pub order: Option<Order>,
    /// Where this part's wording is not the example's: a regular expression of a whole line, and the line in its
    /// place, with `$1` for a group; nothing in its place drops the line. The first that fits counts.
    #[serde(default)]
    pub lines: Vec<(String, String)>,
}

/// The repository's root folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root folder")
}

impl Catalogue {
    /// Reads `catalogue.toml`.
    ///
    /// # Errors
    /// If it cannot be read or does not have the form that this module's types give.
    pub fn load() -> Result<Self> {
        let path = root().join("catalogue.toml");
        let read = || Self::parse(&fs::read_to_string(&path)?);
        read().with_context(|| format!("cannot read {}", path.display()))
    }

    /// The catalogue that a text says, or an error if it does not have the form that this module's types give.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(toml::from_str(text)?)
    }

    /// The lessons' folders, in order.
    pub fn lessons(&self) -> Vec<&str> {
        let mut lessons: Vec<_> = self.examples.iter().map(|example| &*example.lesson).collect();
        lessons.dedup();
        lessons
    }

    /// The lesson that `name` means: `03-asyncio`, `03`, `3` or `asyncio`.
    ///
    /// # Errors
    /// [`Unknown`].
    pub fn lesson(&self, name: &str) -> Result<&str, Unknown> {
        let lessons = self.lessons();
        let means = |lesson: &&str| {
            let (number, topic) = lesson.split_once('-').unwrap_or_default();
            [*lesson, number, number.trim_start_matches('0'), topic].contains(&name)
        };
        let found = lessons.iter().copied().find(means);
        found.ok_or_else(|| Unknown::new("lesson", &name, lessons))
    }

    /// The example of a lesson.
    ///
    /// # Errors
    /// [`Unknown`].
    pub fn example(&self, lesson: &str, name: &str) -> Result<&Example, Unknown> {
        let examples = || self.examples.iter().filter(|example| example.lesson == lesson);
        examples()
            .find(|example| example.name == name)
            .ok_or_else(|| Unknown::new("example", &name, examples().map(|example| &*example.name)))
    }

    /// The examples that `names` mean, each a lesson, an example, or `LESSON/EXAMPLE`; without names all.
    ///
    /// # Errors
    /// [`Unknown`].
    pub fn select(&self, names: &[String]) -> Result<Vec<&Example>, Unknown> {
        for name in names {
            if !self.examples.iter().any(|example| self.means(name, example)) {
                let examples = self.examples.iter().map(|example| &*example.name);
                let known = self.lessons().into_iter().chain(examples);
                return Err(Unknown::new("lesson or example", name, known));
            }
        }
        let chosen = |example: &&Example| {
            names.is_empty() || names.iter().any(|name| self.means(name, example))
        };
        Ok(self.examples.iter().filter(chosen).collect())
    }

    fn means(&self, name: &str, example: &Example) -> bool {
        match name.split_once('/') {
            Some((lesson, name)) => {
                name == example.name && self.lesson(lesson).is_ok_and(|it| it == example.lesson)
            }
            None => name == example.name || self.lesson(name).is_ok_and(|it| it == example.lesson),
        }
    }

    /// The tutorial of that short name.
    ///
    /// # Errors
    /// [`Unknown`].
    pub fn tutorial(&self, name: &str) -> Result<&Tutorial, Unknown> {
        self.tutorials.iter().find(|tutorial| tutorial.name == name).ok_or_else(|| {
            Unknown::new("tutorial", &name, self.tutorials.iter().map(|tutorial| &*tutorial.name))
        })
    }

    /// The examples that port a part of a tutorial.
    pub fn ports(&self, tutorial: &str, part: usize) -> Vec<(&Example, &Port)> {
        let ports = self.examples.iter().flat_map(|it| it.ports.iter().map(move |port| (it, port)));
        ports.filter(|(_, port)| port.tutorial == tutorial && port.part == part).collect()
    }
}

impl Example {
    /// Which order of the lines counts in a part.
    pub fn order_in(&self, port: &Port) -> Order {
        port.order.unwrap_or(self.order)
    }

    /// The Python program that does the same.
    pub fn twin(&self) -> PathBuf {
        root().join(&self.lesson).join("python").join(self.module()).with_extension("py")
    }

    /// The parts that it ports, or what it goes beyond.
    pub fn purpose(&self) -> String {
        let ports = self.ports.iter().map(|port| format!("{} {}", port.tutorial, port.part));
        let extends = self.extends.iter().map(|name| format!("goes beyond {name}"));
        ports.chain(extends).collect::<Vec<_>>().join(" · ")
    }

    /// LESSON/NAME.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.lesson, self.name)
    }

    /// What the example's files are called, in either language.
    pub fn module(&self) -> String {
        self.name.replace('-', "_")
    }

    /// The command that a reader types.
    pub fn command(&self, args: &[String]) -> String {
        let mut command = format!("cargo {} {}", self.lesson, self.name);
        for arg in args {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,".contains(c);
            command += &if !arg.is_empty() && arg.chars().all(plain) {
                format!(" {arg}")
            } else {
                format!(" '{}'", arg.replace('\'', r"'\''"))
            };
        }
        command
    }
}

/// The package of a lesson. Cargo forbids a leading digit, so it is not the folder's name.
pub fn package(lesson: &str) -> String {
    format!("lesson-{lesson}")
}
