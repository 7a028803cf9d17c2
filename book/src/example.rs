//! An example's page.

use std::fs;

use anyhow::{Context, Result};
use maud::{Markup, html};
use xtask::{
    cargo,
    catalogue::{Example, root},
};

use crate::{
    code,
    highlight::Colours,
    layout::{Page, Way, whole},
    links::relative,
    markdown::{self, Place},
    material::{Material, python_file, rust_file, text},
    measured, output, readme,
};

/// An example's page, by its path in the book.
pub fn path(example: &Example) -> String {
    format!("{}/{}.html", example.lesson, example.name)
}

/// Where the picture of an example's run is, if there is one.
pub fn picture(example: &Example) -> Option<std::path::PathBuf> {
    let name = format!("{}-{}.svg", example.lesson, example.name);
    let places = [cargo::target().join("trace"), root().join("docs/pictures")];
    places.into_iter().map(|folder| folder.join(&name)).find(|path| path.exists())
}

/// Writes the page.
///
/// # Errors
/// If something that it shows cannot be read.
pub fn page(material: &Material, example: &Example, colours: &mut Colours) -> Result<String> {
    let path = &path(example);
    let to = |place: &str| relative(path, place);
    let header = material.header(example);
    let source = rust_file(example);
    let mut said = |text: &str| -> Result<Markup> {
        Ok(markdown::rendered(
            text,
            Place { document: &source, page: path },
            &material.links,
            colours,
        )?
        .0)
    };
    let summary = said(&header.summary)?;
    let prose = header.prose.iter().map(|text| said(text)).collect::<Result<Vec<_>>>()?;
    let run = said(&header.run)?;
    let calls = calls(material, example, path, colours)?;
    let body = html! {
        p.over { a href="index.html" { (material.title(&example.lesson)) } }
        h1 { (example.name) }
        div.lead { (summary) }
        div.halves {
            div.prose { @for text in &prose { (text) } (purpose(material, example, path)) }
            (calls)
        }
        h2 #code { "The code" }
        (sources(material, example, path, colours)?)
        h2 #run { "Run it" }
        div.prose { (run) }
        h3 #output { "What it printed" }
        (output::all(material, example, path)?)
        @if picture(example).is_some() {
            h2 #picture { "A run" }
            figure { img.picture src=(to(&format!("picture/{}-{}.svg", example.lesson, example.name))) alt={ "What each thread did while " (example.name) " ran, in Python and in Rust" }; }
        }
        (measured::of_example(material, example, path))
        (to_try(material, example, path, colours)?)
        (refusals(material, example, path, colours)?)
    };
    Ok(whole(material, &Page { path, title: &example.name, ways: ways(material, example) }, &body))
}

fn purpose(material: &Material, example: &Example, path: &str) -> Markup {
    html! {
        @if !example.ports.is_empty() {
            p.note { "Ports: "
                @for (position, port) in example.ports.iter().enumerate() {
                    @if position > 0 { " · " }
                    a href=(relative(path, &format!("tutorial/{}.html#{}", port.tutorial, port.part))) { (port.tutorial) " " (port.part) }
                }
            }
        }
        @if let Some(name) = &example.extends {
            @let other = if name.contains('/') { name.clone() } else { format!("{}/{name}", example.lesson) };
            p.note { "Goes beyond " a href=(relative(path, &format!("{other}.html"))) { (name) } ", the slide's program." }
        }
        @let beyond: Vec<_> = material.catalogue.examples.iter().filter(|it| it.lesson == example.lesson && it.extends.as_ref() == Some(&example.name)).collect();
        @if !beyond.is_empty() {
            p.note { "Beyond the slide: " @for (position, other) in beyond.iter().enumerate() { @if position > 0 { ", " } a href={ (other.name) ".html" } { (other.name) } } }
        }
    }
}

/// What is written in Python and what answers to it: the header's, and the cheat sheet's with their lines.
fn calls(
    material: &Material,
    example: &Example,
    path: &str,
    colours: &mut Colours,
) -> Result<Markup> {
    let mut rows = Vec::new();
    let place = Place { document: "docs/cheat-sheet.md", page: path };
    let has_row =
        |python: &str| material.sheet_rows(example).any(|row| row.python.contains(python));
    for (python, rust) in material.header(example).calls.iter().filter(|call| !has_row(&call.0)) {
        let cells =
            [python, rust].map(|text| markdown::line(text, place, &material.links, colours));
        let [python, rust] = cells;
        rows.push(html! { tr { td { (python?) } td { (rust?) } td {} } });
    }
    for row in material.sheet_rows(example) {
        let at = row.place(&material.catalogue)?;
        let cells = [&row.python, &row.rust]
            .map(|text| markdown::line(text, place, &material.links, colours));
        let [python, rust] = cells;
        let pitfall = row
            .pitfall
            .as_ref()
            .map(|text| markdown::line(text, place, &material.links, colours))
            .transpose()?;
        let line = relative(path, &material.links.place(&at.file, &format!("L{}", at.line)));
        rows.push(html! {
            tr { td { (python?) } td { (rust?) @if let Some(text) = pitfall { p.note { (text) } } } td { a href=(line) { "line " (at.line) } } }
        });
    }
    // So many that the code begins on the first screen.
    let shown = if rows.len() > 6 { 4 } else { rows.len() };
    let (first, others) = rows.split_at(shown);
    let table = |rows: &[Markup]| {
        html! {
            div.wide { table.calls {
                thead { tr { th { "Python" } th { "Rust" } th { span.said { "Used in" } } } }
                tbody { @for row in rows { (row) } }
            } }
        }
    };
    Ok(html! {
        div {
            @if !first.is_empty() { (table(first)) }
            @if !others.is_empty() { details { summary.note { (others.len()) " more that it shows" } (table(others)) } }
        }
    })
}

/// Both programs, and the files beside them that they are in.
fn sources(
    material: &Material,
    example: &Example,
    path: &str,
    colours: &mut Colours,
) -> Result<Markup> {
    let (python, rust) = (python_file(example), rust_file(example));
    let file = |name: &str| relative(path, &material.links.file(name));
    let places = [(&*file(&python), &*python), (&*file(&rust), &*rust)];
    let beside = code::beside(&text(&python)?, &text(&rust)?, places, colours)?;
    let more: Vec<_> = [&python, &rust]
        .into_iter()
        .map(|name| further(name))
        .collect::<Result<Vec<_>>>()?
        .concat();
    Ok(html! {
        (beside)
        @if !more.is_empty() {
            p.note { "It has further files: " @for (position, name) in more.iter().enumerate() { @if position > 0 { ", " } a href=(file(name)) { (name) } } "." }
        }
    })
}

/// The files in the folder that bears a file's name.
fn further(file: &str) -> Result<Vec<String>> {
    let folder = file.rsplit_once('.').map_or(file, |(folder, _)| folder);
    if !root().join(folder).is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in
        fs::read_dir(root().join(folder)).with_context(|| format!("cannot read {folder}"))?
    {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rs") || name.ends_with(".py") {
            names.push(format!("{folder}/{name}"));
        }
    }
    names.sort();
    Ok(names)
}

fn to_try(
    material: &Material,
    example: &Example,
    path: &str,
    colours: &mut Colours,
) -> Result<Markup> {
    let readme = &material.readmes[&example.lesson];
    let document = format!("{}/README.md", example.lesson);
    let place = Place { document: &document, page: path };
    let mut said = |text: &str| -> Result<Markup> {
        Ok(markdown::rendered(text, place, &material.links, colours)?.0)
    };
    let (text, questions) = (readme::to_try(readme, example), readme::questions(readme, example));
    let questions = questions.iter().map(|text| said(text)).collect::<Result<Vec<_>>>()?;
    Ok(html! {
        @if !text.is_empty() { h2 #try { "What to look at, what to try" } div.prose { (said(&text)?) } }
        @if !questions.is_empty() { h2 #questions { "Before you run it" } div.prose.questions { @for question in &questions { div { (question) } } } }
    })
}

fn refusals(
    material: &Material,
    example: &Example,
    path: &str,
    colours: &mut Colours,
) -> Result<Markup> {
    let number = example.lesson.split('-').next().unwrap_or_default();
    let mut rows = Vec::new();
    for (program, _) in
        material.refused.iter().filter(|(it, _)| it.lessons.iter().any(|it| it == number))
    {
        let place = Place { document: "tests/refused/", page: path };
        let what = markdown::line(&program.what, place, &material.links, colours)?;
        rows.push(html! { li { a href=(relative(path, &format!("refused.html#{}", program.name))) { (program.name) } ": " (what) } });
    }
    Ok(html! {
        @if !rows.is_empty() { h2 #refused { "What Rust refuses in this lesson" } ul.prose { @for row in &rows { (row) } } }
    })
}

/// The neighbours in the lesson, and in each tutorial that the example is in.
fn ways(material: &Material, example: &Example) -> Vec<Way> {
    let catalogue = &material.catalogue;
    let lesson: Vec<_> =
        catalogue.examples.iter().filter(|it| it.lesson == example.lesson).collect();
    let at = lesson.iter().position(|it| it.name == example.name).unwrap_or_default();
    let named = |it: &&Example| (path(it), it.name.clone());
    let mut ways = vec![Way {
        order: material.title(&example.lesson).to_owned(),
        previous: at.checked_sub(1).and_then(|at| lesson.get(at)).map(named),
        next: lesson.get(at + 1).map(named),
    }];
    for port in &example.ports {
        let Ok(tutorial) = catalogue.tutorial(&port.tutorial) else { continue };
        let shown: Vec<_> = (1..=tutorial.parts.len())
            .flat_map(|part| catalogue.ports(&tutorial.name, part))
            .collect();
        let Some(at) = shown
            .iter()
            .position(|(it, other)| std::ptr::eq(*it, example) && other.part == port.part)
        else {
            continue;
        };
        let named = |(it, port): &(&Example, &xtask::catalogue::Port)| {
            (path(it), format!("{} {}", port.part, it.name))
        };
        ways.push(Way {
            order: format!("{} {}", tutorial.name, port.part),
            previous: at.checked_sub(1).and_then(|at| shown.get(at)).map(named),
            next: shown.get(at + 1).map(named),
        });
    }
    ways
}
