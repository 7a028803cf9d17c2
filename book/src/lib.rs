//! The book: every slide with both programs, their output, their figures and their pictures, as pages that a browser
//! shows from the disk.
//!
//! [`material`] gathers what the pages are made of; [`example`], [`tutorial`], [`documents`], [`measured`], [`compare`]
//! and [`mod@search`] make them; [`layout`] is what all have. Below stand [`code`] with [`align`] and [`highlight`],
//! [`markdown`] with [`links`], [`output`], [`plot`], [`header`] and [`readme`], which read or draw one thing each. [`serve`] shows the
//! book on this machine's own address, and runs what it shows.

pub mod align;
pub mod code;
pub mod compare;
pub mod documents;
pub mod example;
pub mod header;
pub mod highlight;
pub mod layout;
pub mod links;
pub mod markdown;
pub mod material;
pub mod measured;
pub mod output;
pub mod plot;
pub mod readme;
pub mod record;
pub mod recorded;
pub mod search;
pub mod serve;
pub mod tutorial;

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result};
use xtask::catalogue::root;

use crate::{
    highlight::Colours,
    material::{Material, Measured},
};

/// Writes the whole book into a folder.
///
/// # Errors
/// If something that it is made of cannot be read, or a page cannot be written.
pub fn write(folder: &Path, material: &Material, compared: Option<&[Measured; 2]>) -> Result<()> {
    let colours = &mut Colours::new()?;
    let put = |path: &str, text: &str| put(folder, path, text.as_bytes());
    put("book.css", layout::CSS)?;
    put("book.js", layout::JS)?;
    let mut headings = Vec::new();
    let lessons = material
        .catalogue
        .lessons()
        .into_iter()
        .map(|lesson| (format!("{lesson}/README.md"), format!("{lesson}/index.html")));
    let documents = links::DOCUMENTS.map(|(file, page)| (file.to_owned(), page.to_owned()));
    for (file, page) in documents.into_iter().chain(lessons) {
        let (text, found) = documents::document(material, &file, &page, colours)?;
        put(&page, &text)?;
        headings.push((page, found));
    }
    for it in &material.catalogue.examples {
        let page = example::page(material, it, colours)
            .with_context(|| format!("the page of {}/{}", it.lesson, it.name))?;
        put(&example::path(it), &page)?;
        if let Some(picture) = example::picture(it) {
            let text =
                fs::read(&picture).with_context(|| format!("cannot read {}", picture.display()))?;
            self::put(folder, &format!("picture/{}-{}.svg", it.lesson, it.name), &text)?;
        }
    }
    for it in &material.catalogue.tutorials {
        put(&format!("tutorial/{}.html", it.name), &tutorial::page(material, it, colours)?)?;
    }
    put("measured.html", &measured::page(material))?;
    if let Some(compared) = compared {
        put("compare.html", &compare::page(material, compared))?;
    }
    put("refused.html", &documents::refused(material, colours)?)?;
    put("index.js", &search::script(material, &headings)?)?;
    write_files(folder, material, colours)
}

/// Writes a page of each file that some page links to, until no page links to another.
fn write_files(folder: &Path, material: &Material, colours: &mut Colours) -> Result<()> {
    let mut written = BTreeSet::new();
    loop {
        let wanted: Vec<_> =
            material.links.take().into_iter().filter(|file| !written.contains(file)).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        for file in wanted {
            if links::is_picture(&file) {
                let picture =
                    fs::read(root().join(&file)).with_context(|| format!("cannot read {file}"))?;
                put(folder, &format!("file/{file}"), &picture)?;
            } else {
                put(
                    folder,
                    &format!("file/{file}.html"),
                    documents::file(material, &file, colours)?.as_bytes(),
                )?;
            }
            written.insert(file);
        }
    }
}

fn put(folder: &Path, path: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(path);
    fs::create_dir_all(path.with_file_name(""))
        .and_then(|()| fs::write(&path, bytes))
        .with_context(|| format!("cannot write {}", path.display()))
}
