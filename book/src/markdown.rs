//! Documents of the repository as parts of a page.

use std::collections::HashMap;

use anyhow::{Context, Result};
use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html::push_html};
use xtask::catalogue::root;

use crate::{
    highlight::{Colours, Language},
    links::{Links, relative, resolved},
};

/// How a document shows a picture. Markdown has no word for its width, and without one a drawing that fits itself to its
/// place is 300 pixels wide.
const PICTURE: &str = "<img src=\"";

/// A document's place, and the page that it is shown on.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The document, from the repository's root.
    pub document: &'a str,
    /// The page, by its path in the book.
    pub page: &'a str,
}

/// A heading, to be linked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its name in links.
    pub anchor: String,
    /// Its words.
    pub text: String,
    /// 1 for the document's own.
    pub level: u8,
}

/// Markdown as HTML, its links leading to the book's pages, and its headings.
///
/// # Errors
/// If code in it cannot be parsed.
pub fn rendered(
    text: &str,
    place: Place<'_>,
    links: &Links,
    colours: &mut Colours,
) -> Result<(Markup, Vec<Heading>)> {
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut headings: Vec<Heading> = Vec::new();
    let mut anchors: HashMap<String, usize> = HashMap::new();
    let mut in_link = false;
    let mut parser = Parser::new_ext(text, Options::ENABLE_TABLES);
    while let Some(event) = parser.next() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let inner: Vec<_> = parser
                    .by_ref()
                    .take_while(|it| !matches!(it, Event::End(TagEnd::Heading(_))))
                    .collect();
                let text: String = inner.iter().filter_map(words).collect();
                let anchor = anchor(&text, &mut anchors);
                events.push(Event::Html(format!("<{level} id=\"{anchor}\">").into()));
                events.extend(inner.into_iter().map(|event| linked(event, place, links)));
                events.push(Event::Html(format!("</{level}>\n").into()));
                headings.push(Heading { anchor, text, level: level as u8 });
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let code: String = parser
                    .by_ref()
                    .map_while(|event| match event {
                        Event::Text(text) => Some(text.into_string()),
                        _ => None,
                    })
                    .collect();
                events.push(Event::Html(block(&code, &kind, colours)?.into_string().into()));
            }
            Event::Start(Tag::Table(columns)) => {
                events.push(Event::Html("<div class=wide>".into()));
                events.push(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => {
                events.push(Event::End(TagEnd::Table));
                events.push(Event::Html("</div>\n".into()));
            }
            // The marks of what a command writes.
            Event::Html(text) if text.trim_start().starts_with("<!--") => {}
            Event::Html(text) if text.starts_with(PICTURE) => {
                let (url, rest) =
                    text[PICTURE.len()..].split_once('"').context("a picture without an end")?;
                let url = target(url, place, links);
                events
                    .push(Event::Html(format!("{PICTURE}{url}\" class=\"picture\"{rest}").into()));
            }
            Event::Code(code) if !in_link && file_named(&code, place).is_some() => {
                let file = file_named(&code, place).unwrap_or_default();
                let url = relative(place.page, &links.place(&file, ""));
                events.push(Event::Html(
                    html! { a href=(url) { code { (code) } } }.into_string().into(),
                ));
            }
            event => {
                match event {
                    Event::Start(Tag::Link { .. }) => in_link = true,
                    Event::End(TagEnd::Link) => in_link = false,
                    _ => {}
                }
                events.push(linked(event, place, links));
            }
        }
    }
    let mut made = String::new();
    push_html(&mut made, events.into_iter());
    Ok((PreEscaped(made), headings))
}

/// A line of Markdown without the paragraph around it.
///
/// # Errors
/// As [`rendered`].
pub fn line(text: &str, place: Place<'_>, links: &Links, colours: &mut Colours) -> Result<Markup> {
    let made = rendered(text, place, links, colours)?.0.into_string();
    let inner = made.trim().strip_prefix("<p>").and_then(|made| made.strip_suffix("</p>"));
    Ok(PreEscaped(inner.map_or_else(|| made.clone(), str::to_owned)))
}

/// Markdown without its marks.
pub fn plain(text: &str) -> String {
    Parser::new(text).filter_map(|event| words(&event).map(str::to_owned)).collect()
}

fn words<'a>(event: &'a Event<'_>) -> Option<&'a str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        Event::SoftBreak => Some(" "),
        _ => None,
    }
}

fn linked<'a>(event: Event<'a>, place: Place<'_>, links: &Links) -> Event<'a> {
    let to = |url: &CowStr<'_>| target(url, place, links).into();
    match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: to(&dest_url), title, id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Image { link_type, dest_url: to(&dest_url), title, id })
        }
        event => event,
    }
}

/// The file that a word in a document is the path of: from the repository's root, or from the document's folder.
fn file_named(word: &str, place: Place<'_>) -> Option<String> {
    let folder = place.document.rsplit_once('/').map_or("", |(folder, _)| folder);
    // What is built is no part of the repository.
    let is_path =
        word.contains('/') && !word.contains([' ', '*', '$']) && !word.starts_with("target/");
    let mut paths = [resolved("", word), resolved(folder, word)].into_iter();
    is_path.then(|| paths.find(|path| root().join(path).is_file())).flatten()
}

fn target(url: &str, place: Place<'_>, links: &Links) -> String {
    if url.contains("://") {
        return url.into();
    }
    let (path, fragment) = url.split_once('#').unwrap_or((url, ""));
    let folder = place.document.rsplit_once('/').map_or("", |(folder, _)| folder);
    // A paragraph may be shown on another page than the rest of its document.
    let file = if path.is_empty() { place.document.into() } else { resolved(folder, path) };
    relative(place.page, &links.place(&file, fragment))
}

fn block(code: &str, kind: &CodeBlockKind<'_>, colours: &mut Colours) -> Result<Markup> {
    let language = match kind {
        CodeBlockKind::Fenced(name) if name.starts_with("rust") => Language::Rust,
        CodeBlockKind::Fenced(name) if name.starts_with("python") => Language::Python,
        _ => Language::Plain,
    };
    let lines =
        colours.lines(code, language).with_context(|| format!("a block of code: {code}"))?;
    Ok(html! { pre { code { @for line in lines { (line) "\n" } } } })
}

/// A heading's name in links, as on the repository's pages: in lower case, blanks as hyphens, without what is neither
/// letter, number nor hyphen, and numbered where two are the same.
fn anchor(heading: &str, seen: &mut HashMap<String, usize>) -> String {
    let heading = heading.trim().to_lowercase().replace(' ', "-");
    let anchor: String =
        heading.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect();
    let times = seen.entry(anchor.clone()).or_default();
    *times += 1;
    if *times == 1 { anchor } else { format!("{anchor}-{}", *times - 1) }
}
