//! The book as it is written: every page, as a reader of its text would see it.

mod made;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
};

use anyhow::{Context, Result, ensure};
use book::{align::aligned, links::resolved, material};
use made::{Pages, Tag, pages, tags};
use xtask::catalogue::{Catalogue, root};

/// Elements that have no end.
const VOID: [&str; 8] = ["meta", "link", "input", "br", "img", "hr", "col", "wbr"];

#[test]
fn every_page_is_well_formed_and_has_its_landmarks() -> Result<()> {
    for (page, text) in &pages()?.html {
        let mut open: Vec<String> = Vec::new();
        let mut ids = BTreeSet::new();
        let mut names: HashMap<String, usize> = HashMap::new();
        let mut level = 0;
        for tag in tags(text) {
            if tag.ends {
                let last = open.pop();
                ensure!(
                    last.as_deref() == Some(&*tag.name),
                    "{page}: </{}> ends {last:?}",
                    tag.name
                );
                continue;
            }
            *names.entry(tag.name.clone()).or_default() += 1;
            let repeated = tag.repeated();
            ensure!(repeated.is_none(), "{page}: <{} {repeated:?}> twice", tag.name);
            if let Some(id) = tag.get("id") {
                ensure!(ids.insert(id.to_owned()), "{page} has #{id} twice");
            }
            if let Some(next) = tag.name.strip_prefix('h').and_then(|rest| rest.parse::<u32>().ok())
            {
                ensure!(next <= level + 1, "{page}: h{next} below h{level}");
                level = next;
            }
            if tag.name == "img" {
                ensure!(
                    tag.get("alt").is_some_and(|alt| !alt.is_empty()),
                    "{page}: a picture without words"
                );
            }
            if !VOID.contains(&&*tag.name) && !tag.closes_itself {
                open.push(tag.name);
            }
        }
        ensure!(open.is_empty(), "{page}: not ended: {open:?}");
        for name in ["title", "header", "main", "h1"] {
            ensure!(names.get(name) == Some(&1), "{page}: {:?} of {name}", names.get(name));
        }
    }
    Ok(())
}

#[test]
fn every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere() -> Result<()> {
    let Pages { folder, html, .. } = pages()?;
    let ids: BTreeMap<&str, BTreeSet<String>> = html
        .iter()
        .map(|(page, text)| {
            let ids = tags(text).into_iter().filter_map(|tag| tag.get("id").map(str::to_owned));
            (&**page, ids.collect())
        })
        .collect();
    let mut checked = 0;
    for (page, text) in html {
        let from = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        for Tag { name, attributes, .. } in tags(text) {
            for (attribute, url) in &attributes {
                if !["href", "src", "srcset", "action", "poster", "data"].contains(&&**attribute) {
                    continue;
                }
                if url.contains("://") {
                    ensure!(name == "a", "{page} loads {url}");
                    continue;
                }
                if url == "data:," {
                    continue;
                }
                let (path, fragment) = url.split_once('#').unwrap_or((url, ""));
                let target = if path.is_empty() { page.clone() } else { resolved(from, path) };
                ensure!(folder.join(&target).is_file(), "{page}: {url}: no such file");
                if !fragment.is_empty() {
                    let found = ids.get(&*target).is_some_and(|ids| ids.contains(fragment));
                    ensure!(found, "{page}: {url}: no such place");
                }
                checked += 1;
            }
        }
    }
    ensure!(checked > 5_000, "{checked} links");
    for file in ["book.css", "book.js"] {
        let text = fs::read_to_string(folder.join(file))?;
        ensure!(
            !["http:", "https:", "url(", "@import", "fetch("].iter().any(|it| text.contains(it)),
            "{file}"
        );
    }
    Ok(())
}

#[test]
fn every_place_that_the_search_names_exists() -> Result<()> {
    let Pages { folder, html, .. } = pages()?;
    let script = fs::read_to_string(folder.join("index.js"))?;
    let data =
        script.trim().strip_prefix("window.bookIndex = ").and_then(|it| it.strip_suffix(';'));
    let entries: Vec<serde_json::Value> = serde_json::from_str(data.context("no index")?)?;
    ensure!(entries.len() > 500, "{} entries", entries.len());
    for entry in &entries {
        let place = entry["place"].as_str().context("no place")?;
        let (page, fragment) = place.split_once('#').unwrap_or((place, ""));
        let text = html.get(page).with_context(|| format!("{place}: no such page"))?;
        let found =
            fragment.is_empty() || tags(text).iter().any(|tag| tag.get("id") == Some(fragment));
        ensure!(found, "{place}: no such place");
    }
    // What a reader types, and the line of Rust that answers to it.
    for (typed, line) in
        [("asyncio.Semaphore", "acquire"), ("asyncio.as_completed", "FuturesUnordered")]
    {
        let entry = entries
            .iter()
            .find(|it| it["also"].as_str().is_some_and(|it| it.split(' ').any(|it| it == typed)));
        let place = entry.with_context(|| format!("{typed} is not found"))?["place"]
            .as_str()
            .context("no place")?;
        let (page, fragment) = place.split_once('#').context("no line")?;
        let start = format!("id=\"{fragment}\"");
        let (_, rest) = html[page].split_once(&start).context("no such line")?;
        let shown: String = rest
            .lines()
            .next()
            .unwrap_or_default()
            .split('<')
            .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
            .collect();
        ensure!(shown.contains(line), "{typed} leads to {shown}");
    }
    Ok(())
}

#[test]
fn every_example_has_both_programs_line_by_line_and_its_commands() -> Result<()> {
    let html = &pages()?.html;
    let catalogue = Catalogue::load()?;
    for example in &catalogue.examples {
        let page = format!("{}/{}.html", example.lesson, example.name);
        let text = html.get(&page).with_context(|| format!("no {page}"))?;
        for (file, prefix) in
            [(material::rust_file(example), "rust"), (material::python_file(example), "python")]
        {
            let lines = fs::read_to_string(root().join(&file))?;
            for (number, line) in (1..).zip(lines.lines()) {
                let times = text.matches(&format!("id=\"{prefix}-{number}\"")).count();
                ensure!(
                    times == 1 || times == 0 && line.is_empty(),
                    "{page}: line {number} of {file}: {times} times"
                );
            }
        }
        for port in &example.ports {
            let command = example.command(&port.args).replace('&', "&amp;");
            ensure!(text.contains(&command), "{page}: no {command}");
            let tutorial = &html[&format!("tutorial/{}.html", port.tutorial)];
            ensure!(tutorial.contains(&command), "{}: no {command}", port.tutorial);
        }
        ensure!(
            text.contains(&format!("cargo {} {}", example.lesson, example.name)),
            "{page}: no command"
        );
        let to_do = ["id=\"try\"", "id=\"questions\""].iter().any(|it| text.contains(it));
        ensure!(to_do, "{page}: nothing to try");
        ensure!(text.contains("id=\"refused\""), "{page}: nothing refused");
    }
    Ok(())
}

#[test]
fn the_functions_of_a_slide_and_its_twin_face_each_other() -> Result<()> {
    for example in Catalogue::load()?.examples.iter().filter(|example| !example.ports.is_empty()) {
        let read = |file: String| fs::read_to_string(root().join(file));
        let (python, rust) =
            (read(material::python_file(example))?, read(material::rust_file(example))?);
        let aligned = aligned(&python, &rust);
        ensure!(aligned.by_function, "{}/{} is not aligned", example.lesson, example.name);
        ensure!(aligned.rows.len() >= 2, "{}/{}: {:?}", example.lesson, example.name, aligned.rows);
        let (mut at, mut beside) = (aligned.head.python.end, aligned.head.rust.end);
        for row in &aligned.rows {
            ensure!(
                row.python.start == at && row.rust.start == beside,
                "{}: a line is lost",
                example.name
            );
            (at, beside) = (row.python.end, row.rust.end);
        }
        ensure!(at == python.lines().count() && beside == rust.lines().count(), "{}", example.name);
    }
    Ok(())
}

#[test]
fn the_book_is_small_and_no_page_is_empty() -> Result<()> {
    let Pages { size, html, .. } = pages()?;
    ensure!(*size < 20_000_000, "{size} bytes");
    ensure!(html.len() > 150, "{} pages", html.len());
    for (page, text) in html {
        let (_, rest) = text.split_once("<main").context("no main")?;
        let words = rest
            .split('<')
            .filter_map(|part| Some(part.split_once('>')?.1.trim()))
            .collect::<Vec<_>>()
            .concat();
        ensure!(words.len() > 40, "{page} says {words:?}");
        ensure!(!rest.contains("TODO") && !rest.contains("coming soon"), "{page}");
    }
    Ok(())
}

#[test]
fn what_is_written_is_told_apart_from_the_ground_in_both_themes() -> Result<()> {
    let css = fs::read_to_string(pages()?.folder.join("book.css"))?;
    let mut colours = BTreeMap::new();
    for line in css.lines() {
        let Some((name, rest)) =
            line.trim().strip_prefix("--").and_then(|it| it.split_once(": light-dark("))
        else {
            continue;
        };
        let pair: Vec<f64> =
            rest.trim_end_matches(");").split(", ").map(luminance).collect::<Result<_>>()?;
        colours.insert(name, pair);
    }
    ensure!(colours.len() > 12, "{:?}", colours.keys());
    for text in [
        "text",
        "soft",
        "link",
        "keyword",
        "string",
        "comment",
        "function",
        "type",
        "number",
        "attribute",
        "python",
        "rust",
    ] {
        for ground in ["ground", "panel"] {
            for (one, other) in colours[text].iter().zip(&colours[ground]) {
                let contrast = (one.max(*other) + 0.05) / (one.min(*other) + 0.05);
                ensure!(contrast >= 4.5, "{text} on {ground}: {contrast:.2}");
            }
        }
    }
    Ok(())
}

/// Relative luminance of `#rrggbb`, as in WCAG 2.
fn luminance(colour: &str) -> Result<f64> {
    let channel = |at: usize| -> Result<f64> {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16)?) / 255.0;
        Ok(if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    Ok(0.2126 * channel(1)? + 0.7152 * channel(3)? + 0.0722 * channel(5)?)
}
