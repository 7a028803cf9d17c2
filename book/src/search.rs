//! What the search finds: a script, because a page from disk may load no data.

use anyhow::Result;
use serde::Serialize;
use xtask::catalogue::Example;

use crate::{
    example,
    markdown::{Heading, plain},
    material::{Material, python_file, rust_file, text},
};

/// Something to find.
#[derive(Debug, Serialize)]
struct Entry {
    /// What it is found by, and shown as.
    name: String,
    /// What answers to it.
    says: String,
    /// Other names that it is found by.
    also: String,
    /// Where it is in the book.
    place: String,
}

/// The script that has the index; `headings` are those of the documents, by page.
///
/// # Errors
/// If a row of the cheat sheet leads nowhere, or a file cannot be read.
pub fn script(material: &Material, headings: &[(String, Vec<Heading>)]) -> Result<String> {
    let mut entries = Vec::new();
    for row in material.sheet.topics.iter().flat_map(|topic| &topic.rows) {
        let at = row.place(&material.catalogue)?;
        entries.push(Entry {
            name: plain(&row.python),
            says: format!("{} · {}", plain(&row.rust), row.example),
            also: row.names.join(" "),
            place: material.links.place(&at.file, &format!("L{}", at.line)),
        });
    }
    for example in &material.catalogue.examples {
        entries.push(Entry {
            name: example.full_name(),
            says: plain(&material.header(example).summary),
            also: String::new(),
            place: example::path(example),
        });
        entries.extend(functions(material, example)?);
    }
    for tutorial in &material.catalogue.tutorials {
        entries.extend((1..).zip(&tutorial.parts).map(|(part, heading)| Entry {
            name: format!("{} {part}", tutorial.name),
            says: heading.clone(),
            also: String::new(),
            place: format!("tutorial/{}.html#{part}", tutorial.name),
        }));
    }
    for (program, _) in &material.refused {
        entries.push(Entry {
            name: format!("refused: {}", program.name),
            says: plain(&program.what),
            also: program.error.clone(),
            place: format!("refused.html#{}", program.name),
        });
    }
    for (page, headings) in headings {
        let title = headings.first().map_or("", |heading| &*heading.text);
        entries.extend(headings.iter().skip(1).map(|heading| Entry {
            name: heading.text.clone(),
            says: title.to_owned(),
            also: String::new(),
            place: format!("{page}#{}", heading.anchor),
        }));
    }
    // A script within a page would end at this; one in a file of its own may be pasted into one.
    let entries = serde_json::to_string(&entries)?.replace("</", "<\\/");
    Ok(format!("window.bookIndex = {entries};\n"))
}

/// The functions of both programs, and the calls of the header.
fn functions(material: &Material, example: &Example) -> Result<Vec<Entry>> {
    let mut found = Vec::new();
    for (python, rust) in &material.header(example).calls {
        found.push(Entry {
            name: plain(python),
            says: format!("{} · {}/{}", plain(rust), example.lesson, example.name),
            also: String::new(),
            place: example::path(example),
        });
    }
    for (file, language, word) in
        [(rust_file(example), "rust", "fn "), (python_file(example), "python", "def ")]
    {
        for (number, line) in (1..).zip(text(&file)?.lines()) {
            let Some((before, rest)) = line.split_once(word) else { continue };
            if !before.is_empty() && !["pub ", "async ", "pub async "].contains(&before) {
                continue;
            }
            let name = rest.split(['(', '<']).next().unwrap_or_default();
            if !["main", "run", "register"].contains(&name) {
                found.push(Entry {
                    name: name.to_owned(),
                    says: file.clone(),
                    also: String::new(),
                    place: format!("{}#{language}-{number}", example::path(example)),
                });
            }
        }
    }
    Ok(found)
}
