//! Pages that are documents of the repository: the start page, those of `docs`, the lessons' READMEs, and any file.

use std::fs;

use anyhow::{Context, Result};
use maud::{PreEscaped, html};
use xtask::catalogue::root;

use crate::{
    code, example,
    highlight::Colours,
    layout::{Page, Way, whole},
    links::relative,
    markdown::{self, Heading, Place, rendered},
    material::{Material, text},
};

/// A document's page, and its headings.
///
/// # Errors
/// If the document cannot be read or its code cannot be parsed.
pub fn document(
    material: &Material,
    file: &str,
    path: &str,
    colours: &mut Colours,
) -> Result<(String, Vec<Heading>)> {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let (body, headings) =
        rendered(&text(file)?, Place { document: file, page: path }, &material.links, colours)?;
    let title = headings.first().map_or(file, |heading| &*heading.text).to_owned();
    let sections = headings.iter().filter(|heading| heading.level == 2);
    let is_long = sections.clone().count() > 3;
    let lesson = material.readmes.contains_key(folder).then_some(folder);
    // Below the title, where there is one.
    let text = body.into_string();
    let (title_text, rest) = text.split_at(text.find("</h1>").map_or(0, |at| at + "</h1>".len()));
    let body = html! {
        (PreEscaped(title_text))
        @if is_long { nav.sections aria-label="On this page" { ul { @for it in sections { li { a href={ "#" (it.anchor) } { (it.text) } } } } } }
        div.document { (PreEscaped(rest)) }
    };
    let page = Page {
        path,
        title: &title,
        ways: lesson.map(|lesson| lesson_way(material, lesson)).into_iter().collect(),
    };
    Ok((whole(material, &page, &body), headings))
}

/// A lesson's first example, and the lesson before.
fn lesson_way(material: &Material, lesson: &str) -> Way {
    let first = material.catalogue.examples.iter().find(|it| it.lesson == lesson);
    let lessons = material.catalogue.lessons();
    let before = lessons.iter().take_while(|it| **it != lesson).last();
    Way {
        order: "Lessons".into(),
        previous: before.map(|it| (format!("{it}/index.html"), (*it).to_owned())),
        next: first.map(|it| (example::path(it), it.name.clone())),
    }
}

/// The page of a file or folder, as it is.
///
/// # Errors
/// If it cannot be read, or is no text.
pub fn file(material: &Material, name: &str, colours: &mut Colours) -> Result<String> {
    let path = &format!("file/{name}.html");
    let full = root().join(name);
    if full.is_dir() {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&full).with_context(|| format!("cannot read {name}"))? {
            entries.push(entry?.file_name().to_string_lossy().into_owned());
        }
        entries.retain(|entry| {
            !entry.starts_with('.')
                && !entry.starts_with("__")
                && !["target", "node_modules"].contains(&&**entry)
        });
        entries.sort();
        let body = html! {
            h1 { (name) }
            ul { @for entry in &entries {
                @let place = material.links.place(&format!("{name}/{entry}"), "");
                li { a href=(relative(path, &place)) { (entry) } }
            } }
        };
        return Ok(whole(material, &Page { path, title: name, ways: Vec::new() }, &body));
    }
    if name.ends_with(".md") {
        return Ok(document(material, name, path, colours)?.0);
    }
    let body = html! {
        h1.file { (name) }
        (code::file(name, &text(name)?, colours)?)
    };
    Ok(whole(material, &Page { path, title: name, ways: Vec::new() }, &body))
}

/// The page of what the compiler refuses.
///
/// # Errors
/// If a text in it cannot be parsed.
pub fn refused(material: &Material, colours: &mut Colours) -> Result<String> {
    let path = "refused.html";
    let mut rows = Vec::new();
    let mut sections = Vec::new();
    for (program, answer) in &material.refused {
        let mut said = |text: &str| {
            markdown::line(
                text,
                Place { document: "tests/refused/", page: path },
                &material.links,
                colours,
            )
        };
        let (what, python, how) =
            (said(&program.what)?, said(&program.python)?, said(&program.how)?);
        let why = program.why.as_ref().map(|text| said(text)).transpose()?;
        let place =
            |name: &std::path::Path| relative(path, &material.links.file(&name.to_string_lossy()));
        let (file, mended) = (place(&program.file()), place(&program.mended()));
        rows.push(html! {
            tr { td { a href={ "#" (program.name) } { (program.name) } } td { (what) } td { (program.lessons.join(", ")) } td { (program.error) } td { (python) } }
        });
        let code = code::marked(&program.code, &program.mended_code, colours)?;
        let mended_code = code::marked(&program.mended_code, &program.code, colours)?;
        sections.push(html! {
            section.refused {
                h2 id=(program.name) { (program.name) ": " (what) }
                @if let Some(why) = why { div.prose { p { (why) } } }
                h3 { "Refused " a href=(file) { (program.file().display()) } }
                (code)
                h3 { "The compiler's answer" }
                pre.output { code { (answer.trim_end()) } }
                h3 { "In Python" }
                div.prose { p { (python) } }
                h3 id={ (program.name) "-mended" } { "Mended " a href=(mended) { (program.mended().display()) } }
                div.prose { p { (how) } }
                (mended_code)
            }
        });
    }
    let body = html! {
        h1 { "What Rust refuses" }
        div.prose { p { "Programs that Python runs, and that are wrong, or right by convention only. Each was given to the compiler when this page was made; below its answer stands the program mended. Marked lines are not in the other of the two. In a terminal: " code { "cargo xtask refuse" } "." } }
        div.wide { table { thead { tr { th { "program" } th { "what it does" } th { "lesson" } th { "error" } th { "in Python" } } } tbody { @for row in &rows { (row) } } } }
        @for section in &sections { (section) }
    };
    Ok(whole(material, &Page { path, title: "What Rust refuses", ways: Vec::new() }, &body))
}
