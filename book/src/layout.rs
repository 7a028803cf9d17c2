//! What all pages have: the head, the search, the way to every other page.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::{links::relative, material::Material};

/// The style sheet.
pub const CSS: &str = include_str!("../assets/book.css");
/// What needs a script: theme, search, sorting.
pub const JS: &str = include_str!("../assets/book.js");
/// What must be known before the page is drawn.
const EARLY: &str = include_str!("../assets/early.js");

/// A page, but for its contents.
pub struct Page<'a> {
    /// Its path in the book.
    pub path: &'a str,
    /// Its title, without the book's.
    pub title: &'a str,
    /// Where the reader goes back and on: what it is part of, the place, and its name.
    pub ways: Vec<Way>,
}

/// A pair of neighbours in an order.
pub struct Way {
    /// The order: a lesson or a tutorial.
    pub order: String,
    /// The page before it: place and name.
    pub previous: Option<(String, String)>,
    /// The page after it.
    pub next: Option<(String, String)>,
}

/// The whole page.
pub fn whole(material: &Material, page: &Page<'_>, body: &Markup) -> String {
    let to = |place: &str| relative(page.path, place);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) " · Python concurrency in Rust" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href=(to("book.css"));
                script { (PreEscaped(EARLY)) }
                script src=(to("book.js")) defer {}
            }
            body data-root=(to("")) {
                a.skip href="#main" { "To the text" }
                header.top {
                    button #menu type="button" aria-controls="nav" aria-expanded="false" { span aria-hidden="true" { "☰" } span.said { "Pages" } }
                    a.book href=(to("index.html")) { "Python concurrency in Rust" }
                    (search())
                    button #theme type="button" aria-label="Light or dark" { span aria-hidden="true" { "◐" } }
                }
                div.frame {
                    nav #nav aria-label="Pages" { (navigation(material, page.path)) }
                    main #main tabindex="-1" { (body) (ways(page)) }
                }
            }
        }
    }
    .into_string()
}

fn search() -> Markup {
    html! {
        search.search {
            input #search type="search" role="combobox" autocomplete="off" spellcheck="false" placeholder="Search  /" aria-label="Search: a name in Python or Rust" aria-expanded="false" aria-controls="found" aria-autocomplete="list";
            ul #found role="listbox" aria-label="Found" hidden {}
            p.said #count role="status" {}
        }
    }
}

fn navigation(material: &Material, path: &str) -> Markup {
    let link = |place: &str, name: &str| {
        let current = (place == path).then_some("page");
        html! { li { a href=(relative(path, place)) aria-current=[current] { (name) } } }
    };
    let folder = path.split_once('/').map_or("", |(folder, _)| folder);
    html! {
        ul {
            (link("index.html", "Start"))
            (link("primer.html", "Ten minutes of Rust"))
            (link("cheat-sheet.html", "Python → Rust"))
            (link("glossary.html", "Glossary"))
            (link("contents.html", "Index"))
            (link("measured.html", "Measured"))
            @if path == "compare.html" { (link("compare.html", "Compared")) }
            (link("refused.html", "Refused"))
            (link("races.html", "Races"))
            (link("faults.html", "Faults"))
        }
        p.over { "Tutorials" }
        ul {
            @for tutorial in &material.catalogue.tutorials {
                (link(&format!("tutorial/{}.html", tutorial.name), &tutorial.name))
            }
        }
        p.over { "Lessons" }
        ul {
            @for lesson in material.catalogue.lessons() {
                (link(&format!("{lesson}/index.html"), lesson))
                @if lesson == folder {
                    li { ul.inner {
                        @for example in material.catalogue.examples.iter().filter(|it| it.lesson == lesson) {
                            (link(&format!("{lesson}/{}.html", example.name), &example.name))
                        }
                    } }
                }
            }
        }
    }
}

fn ways(page: &Page<'_>) -> Markup {
    html! {
        @if !page.ways.is_empty() {
            nav.ways aria-label="Previous and next" {
                @for way in &page.ways {
                    div.way {
                        p.order { (way.order) }
                        @for (side, place) in [("previous", &way.previous), ("next", &way.next)] {
                            @if let Some((place, name)) = place {
                                a class=(side) rel=(if side == "previous" { "prev" } else { "next" }) href=(relative(page.path, place)) {
                                    @if side == "previous" { span aria-hidden="true" { "← " } }
                                    span.said { (if side == "previous" { "Previous: " } else { "Next: " }) }
                                    (name)
                                    @if side == "next" { span aria-hidden="true" { " →" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
