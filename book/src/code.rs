//! Source code on a page: numbered, in colours, two files side by side.

use std::{collections::HashSet, ops::Range};

use anyhow::Result;
use maud::{Markup, html};

use crate::{
    align::{Aligned, Row, aligned},
    highlight::{Colours, Language},
};

/// A file's lines, ready to be shown.
struct Lines {
    /// What a line's name in links begins with, as in `rust-`.
    prefix: &'static str,
    text: Vec<(usize, Markup)>,
}

impl Lines {
    fn new(
        text: &str,
        prefix: &'static str,
        language: Language,
        colours: &mut Colours,
    ) -> Result<Self> {
        let indents = text.lines().map(|line| line.len() - line.trim_start().len());
        let lines = indents.zip(colours.lines(text, language)?);
        Ok(Self { prefix, text: lines.collect() })
    }

    /// Some of the lines, without blank ones at the end.
    fn shown(&self, range: Range<usize>) -> Markup {
        let lines = &self.text[range.clone()];
        let blank = lines.iter().rev().take_while(|(_, line)| line.0.is_empty()).count();
        html! {
            @if lines.len() > blank {
                code.lines {
                    @for (number, (indent, line)) in (range.start + 1..).zip(&lines[..lines.len() - blank]) {
                        // A line that is wrapped hangs four columns from where it begins.
                        span.l id={ (self.prefix) (number) } data-n=(number) style={ "--i:" (indent + 4) } { (line) "\n" }
                    }
                }
            }
        }
    }

    fn blank(&self, range: &Range<usize>) -> bool {
        self.text[range.clone()].iter().all(|(_, line)| line.0.is_empty())
    }
}

/// One file, as it is.
///
/// # Errors
/// If it cannot be parsed.
pub fn file(name: &str, text: &str, colours: &mut Colours) -> Result<Markup> {
    let lines = Lines::new(text, "L", Language::of(name), colours)?;
    Ok(html! { pre.code { (lines.shown(0..lines.text.len())) } })
}

/// Two files, aligned; `places` are where the files stand, and what they are called.
///
/// # Errors
/// If one cannot be parsed.
pub fn beside(
    python: &str,
    rust: &str,
    places: [(&str, &str); 2],
    colours: &mut Colours,
) -> Result<Markup> {
    let Aligned { head, rows, by_function } = aligned(python, rust);
    let python = Lines::new(python, "python-", Language::Python, colours)?;
    let rust = Lines::new(rust, "rust-", Language::Rust, colours)?;
    let row = |row: &Row| {
        html! {
            @if !(python.blank(&row.python) && rust.blank(&row.rust)) {
                div.row {
                    pre.code.python { (python.shown(row.python.clone())) }
                    pre.code.rust { (rust.shown(row.rust.clone())) }
                }
            }
        }
    };
    let [(python_place, python_name), (rust_place, rust_name)] = places;
    Ok(html! {
        div.beside {
            div.row.names {
                h3 #python { "Python " a href=(python_place) { (python_name) } }
                h3 #rust { "Rust " a href=(rust_place) { (rust_name) } }
            }
            details.head { summary { "Documentation and imports" } (row(&head)) }
            @for pair in &rows { (row(pair)) }
            @if !by_function {
                p.note { "The two are built differently: the files stand side by side as they are." }
            }
        }
    })
}

/// A program, in which the lines that the other does not have are marked.
///
/// # Errors
/// If it cannot be parsed.
pub fn marked(program: &str, other: &str, colours: &mut Colours) -> Result<Markup> {
    let other: HashSet<_> = other.lines().collect();
    let lines = program.lines().zip(colours.lines(program, Language::Rust)?);
    Ok(html! {
        pre.code { code.lines {
            @for (text, line) in lines {
                @let own = !text.trim().is_empty() && !other.contains(text);
                span.l.own[own] style={ "--i:" (text.len() - text.trim_start().len() + 4) } { @if own { span.said { "Changed: " } } (line) "\n" }
            }
        } }
    })
}
