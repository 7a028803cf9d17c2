//! A tutorial's page: its parts, what shows each, and where.

use anyhow::Result;
use maud::{Markup, html};
use xtask::catalogue::Tutorial;

use crate::{
    example,
    highlight::Colours,
    layout::{Page, Way, whole},
    links::relative,
    markdown::{self, Place},
    material::{Material, rust_file},
    output,
};

/// Writes the page.
///
/// # Errors
/// If something that it shows cannot be read.
pub fn page(material: &Material, tutorial: &Tutorial, colours: &mut Colours) -> Result<String> {
    let path = &format!("tutorial/{}.html", tutorial.name);
    let mut parts = Vec::new();
    for (number, heading) in (1..).zip(&tutorial.parts) {
        let text = tutorial.text.contains(&number);
        let mut shown = Vec::new();
        for (example, port) in material.catalogue.ports(&tutorial.name, number) {
            let file = rust_file(example);
            let place = Place { document: &file, page: path };
            let summary = markdown::rendered(
                &material.header(example).summary,
                place,
                &material.links,
                colours,
            )?
            .0;
            shown.push(html! {
                div.shown {
                    p.example { a href=(relative(path, &example::path(example))) { (example.lesson) "/" (example.name) } }
                    (summary)
                    details { summary { code.command { (example.command(&port.args)) } " " span.note { "and what it prints" } } (output::in_words(material, example, port)?) }
                }
            });
        }
        parts.push(html! {
            section.part {
                h2 id=(number) { span.number { (number) } " " (heading) }
                @if text { p { "No code in this " (tutorial.unit) ". For a reader of Rust: " a href="../index.html#further-reading" { "further reading" } "." } }
                @for example in &shown { (example) }
            }
        });
    }
    let body: Markup = html! {
        p.over { "A tutorial, " (tutorial.unit) " by " (tutorial.unit) }
        h1 { (tutorial.title) }
        div.prose { p { "Open the tutorial on one side and this page on the other. In a terminal " code { "cargo xtask follow " (tutorial.name) } " shows the same and runs it." } }
        @for part in &parts { (part) }
    };
    let all = &material.catalogue.tutorials;
    let at = all.iter().position(|it| it.name == tutorial.name).unwrap_or_default();
    let named = |it: &Tutorial| (format!("tutorial/{}.html", it.name), it.name.clone());
    let way = Way {
        order: "Tutorials".into(),
        previous: at.checked_sub(1).and_then(|at| all.get(at)).map(named),
        next: all.get(at + 1).map(named),
    };
    Ok(whole(material, &Page { path, title: &tutorial.title, ways: vec![way] }, &body))
}
