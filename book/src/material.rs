//! What the book is made of.

use std::{
    collections::{BTreeMap, hash_map::DefaultHasher},
    fs,
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use xtask::{
    bench_all::report::{Report, Row},
    cargo,
    catalogue::{Catalogue, Example, root},
    cheat_sheet::{self, CheatSheet},
    refused::{self, Refused},
};

use crate::{header::Header, links::Links, recorded::Recorded};

/// All that pages are made of.
pub struct Material {
    /// Examples and tutorials.
    pub catalogue: Catalogue,
    /// What answers to what.
    pub sheet: CheatSheet,
    /// The header of each example's file.
    pub headers: Vec<Header>,
    /// The lessons' READMEs.
    pub readmes: BTreeMap<String, String>,
    /// Programs that the compiler refuses, each with its answer.
    pub refused: Vec<(Refused, String)>,
    /// What was measured.
    pub measured: Option<Measured>,
    /// What the examples printed.
    pub recorded: Recorded,
    /// Where the book has what.
    pub links: Links,
}

/// A report, and where it is from.
pub struct Measured {
    /// The report.
    pub report: Report,
    /// Its file, as a reader may name it.
    pub file: String,
}

impl Measured {
    /// Reads a report.
    ///
    /// # Errors
    /// If the file is none.
    pub fn read(path: &Path) -> Result<Self> {
        let file = path.strip_prefix(root()).unwrap_or(path).display().to_string();
        Ok(Self { report: Report::read(path)?, file })
    }

    /// The one to show: of the last run here, or of the committed run, or none.
    ///
    /// # Errors
    /// If there is one that cannot be read.
    pub fn found() -> Result<Option<Self>> {
        let places =
            [cargo::target().join("bench-all.json"), root().join("docs/reference-run.json")];
        places.iter().find(|place| place.exists()).map(|place| Self::read(place)).transpose()
    }

    /// The rows of an example.
    pub fn rows(&self, example: &Example) -> impl Iterator<Item = &Row> {
        let name = example.full_name();
        self.report.rows.iter().filter(move |row| {
            row.name
                .strip_prefix(&name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(": "))
        })
    }
}

impl Material {
    /// Gathers it from the repository; the compiler is asked about the programs that it refuses.
    ///
    /// # Errors
    /// If something is missing, has not the form that it should have, or there is no compiler.
    pub fn gather(measured: Option<Measured>) -> Result<Self> {
        let catalogue = Catalogue::load()?;
        let headers = catalogue.examples.iter().map(|example| Ok(Header::of(&rust(example)?)));
        let version = refused::version()?;
        let refused = refused::all()?.into_iter().map(|program| with_answer(program, &version));
        let readme =
            |lesson: &&str| Ok(((*lesson).to_owned(), text(&format!("{lesson}/README.md"))?));
        Ok(Self {
            headers: headers.collect::<Result<_>>()?,
            readmes: catalogue.lessons().iter().map(readme).collect::<Result<_>>()?,
            refused: refused.collect::<Result<_>>()?,
            sheet: CheatSheet::load()?,
            links: Links::new(&catalogue),
            catalogue,
            measured,
            recorded: Recorded::read()?,
        })
    }

    /// An example's header.
    pub fn header(&self, example: &Example) -> &Header {
        let position = self.catalogue.examples.iter().position(|it| std::ptr::eq(it, example));
        &self.headers[position.expect("the example is the catalogue's")]
    }

    /// The rows of the cheat sheet that show an example.
    pub fn sheet_rows(&self, example: &Example) -> impl Iterator<Item = &cheat_sheet::Row> {
        let name = example.full_name();
        let rows = self.sheet.topics.iter().flat_map(|topic| &topic.rows);
        rows.filter(move |row| row.example == name)
    }

    /// A lesson's title: its README's heading.
    pub fn title(&self, lesson: &str) -> &str {
        let readme = self.readmes.get(lesson).map_or("", String::as_str);
        readme.lines().next().unwrap_or_default().trim_start_matches("# ")
    }
}

/// A file of the repository.
///
/// # Errors
/// If it cannot be read.
pub fn text(file: &str) -> Result<String> {
    fs::read_to_string(root().join(file)).with_context(|| format!("cannot read {file}"))
}

/// An example's Rust file, from the repository's root.
pub fn rust_file(example: &Example) -> String {
    format!("{}/src/{}.rs", example.lesson, example.module())
}

/// An example's Python file, from the repository's root.
pub fn python_file(example: &Example) -> String {
    format!("{}/python/{}.py", example.lesson, example.module())
}

fn rust(example: &Example) -> Result<String> {
    text(&rust_file(example))
}

/// What the compiler says of a program. It takes a second for all of them, so what it said is kept.
fn with_answer(program: Refused, version: &str) -> Result<(Refused, String)> {
    let mut hasher = DefaultHasher::new();
    (fs::read(root().join(program.file()))?, version).hash(&mut hasher);
    let kept: PathBuf =
        cargo::target().join("refused").join(format!("{}-{:x}.txt", program.name, hasher.finish()));
    if let Ok(answer) = fs::read_to_string(&kept) {
        return Ok((program, answer));
    }
    let answer = refused::answer(&program, "never")?;
    fs::create_dir_all(kept.with_file_name(""))
        .and_then(|()| fs::write(&kept, &answer))
        .with_context(|| format!("cannot write {}", kept.display()))?;
    Ok((program, answer))
}
