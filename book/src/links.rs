//! Where the book has what stands in the repository.

use std::{cell::RefCell, collections::BTreeSet, path::Path};

use xtask::catalogue::Catalogue;

/// The documents that have a page of their own, and the page; the lessons' come besides.
pub const DOCUMENTS: [(&str, &str); 7] = [
    ("README.md", "index.html"),
    ("docs/primer.md", "primer.html"),
    ("docs/cheat-sheet.md", "cheat-sheet.html"),
    ("docs/glossary.md", "glossary.html"),
    ("docs/index.md", "contents.html"),
    ("races/README.md", "races.html"),
    ("tests/README.md", "faults.html"),
];

/// Turns places of the repository into places of the book, and remembers which files pages must be made of.
#[derive(Debug)]
pub struct Links {
    /// Pages of examples: the page, the Rust file and the Python file.
    examples: Vec<[String; 3]>,
    wanted: RefCell<BTreeSet<String>>,
}

impl Links {
    /// Those of a catalogue's examples.
    pub fn new(catalogue: &Catalogue) -> Self {
        let examples = catalogue.examples.iter().map(|example| {
            let (lesson, module) = (&example.lesson, example.module());
            [
                format!("{lesson}/{}.html", example.name),
                format!("{lesson}/src/{module}.rs"),
                format!("{lesson}/python/{module}.py"),
            ]
        });
        Self { examples: examples.collect(), wanted: RefCell::default() }
    }

    /// The page, and the place in it, of a file or folder and a fragment, as in `L16`.
    pub fn place(&self, file: &str, fragment: &str) -> String {
        let document = DOCUMENTS.iter().find(|(document, _)| *document == file);
        let page = match file {
            "" => "index.html".into(),
            _ if let Some((_, page)) = document => (*page).into(),
            _ if file.ends_with("/README.md")
                && self.is_lesson(file.trim_end_matches("/README.md")) =>
            {
                file.replace("README.md", "index.html")
            }
            _ if self.is_lesson(file) => format!("{file}/index.html"),
            _ => return self.place_of_code(file, fragment),
        };
        joined(&page, fragment)
    }

    fn is_lesson(&self, folder: &str) -> bool {
        self.examples.iter().any(|[page, ..]| page.split('/').next() == Some(folder))
    }

    fn place_of_code(&self, file: &str, fragment: &str) -> String {
        let line = fragment.strip_prefix('L');
        for [page, rust, python] in &self.examples {
            for (source, language) in [(rust, "rust"), (python, "python")] {
                if file == source {
                    let place = line.map_or(language.into(), |line| format!("{language}-{line}"));
                    return joined(page, &place);
                }
            }
        }
        if let Some(name) =
            file.strip_prefix("tests/refused/").and_then(|it| it.strip_suffix(".rs"))
        {
            return joined("refused.html", &name.replace("_mended", "-mended"));
        }
        joined(&self.file(file), fragment)
    }

    /// The page of a file as it is, whatever else the book makes of it.
    pub fn file(&self, file: &str) -> String {
        self.wanted.borrow_mut().insert(file.to_owned());
        if is_picture(file) { format!("file/{file}") } else { format!("file/{file}.html") }
    }

    /// The files of which pages are still to be made.
    pub fn take(&self) -> BTreeSet<String> {
        self.wanted.take()
    }
}

/// Whether a browser shows it as it is.
pub fn is_picture(file: &str) -> bool {
    let ending = Path::new(file).extension().and_then(|it| it.to_str());
    ending.is_some_and(|it| ["svg", "png", "jpg"].contains(&it))
}

fn joined(page: &str, fragment: &str) -> String {
    if fragment.is_empty() { page.into() } else { format!("{page}#{fragment}") }
}

/// A path from the repository's root, of what a document in `folder` calls `path`.
pub fn resolved(folder: &str, path: &str) -> String {
    let mut parts: Vec<_> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// How a page, by its path in the book, names another place of the book.
pub fn relative(page: &str, place: &str) -> String {
    "../".repeat(page.matches('/').count()) + place
}
