//! Source text in colours, a line at a time.

use anyhow::{Context, Result};
use maud::{Escaper, Markup, PreEscaped};
use std::fmt::Write;
use tree_sitter_highlight::{HighlightConfiguration, HighlightEvent, Highlighter};

/// What the book has in colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Python.
    Python,
    /// Rust.
    Rust,
    /// Anything else, in one colour.
    Plain,
}

/// The grammars' names of what gets a colour, and the class that it has in the style sheet: none is plain text's.
const CLASSES: [(&str, &str); 15] = [
    ("attribute", "a"),
    ("comment", "c"),
    ("constant.builtin", "n"),
    ("constructor", "t"),
    // What an f-string computes.
    ("embedded", ""),
    ("escape", "n"),
    ("function", "f"),
    ("function.builtin", "f"),
    ("function.macro", "m"),
    ("keyword", "k"),
    ("label", "a"),
    ("number", "n"),
    ("string", "s"),
    ("type", "t"),
    ("type.builtin", "t"),
];

impl Language {
    /// That of a file, by its name.
    pub fn of(file: &str) -> Self {
        match file.rsplit_once('.') {
            Some((_, "py")) => Self::Python,
            Some((_, "rs")) => Self::Rust,
            _ => Self::Plain,
        }
    }

    fn configuration(self) -> Result<Option<HighlightConfiguration>> {
        let mut made = match self {
            Self::Plain => return Ok(None),
            Self::Python => HighlightConfiguration::new(
                tree_sitter_python::LANGUAGE.into(),
                "python",
                tree_sitter_python::HIGHLIGHTS_QUERY,
                "",
                "",
            ),
            Self::Rust => HighlightConfiguration::new(
                tree_sitter_rust::LANGUAGE.into(),
                "rust",
                tree_sitter_rust::HIGHLIGHTS_QUERY,
                "",
                "",
            ),
        }
        .context("a grammar does not fit its library")?;
        made.configure(&CLASSES.map(|(name, _)| name));
        Ok(Some(made))
    }
}

/// Colours texts; it is made once, because reading a grammar takes longer than most files.
pub struct Colours {
    highlighter: Highlighter,
    python: Option<HighlightConfiguration>,
    rust: Option<HighlightConfiguration>,
}

impl Colours {
    /// Reads the grammars.
    ///
    /// # Errors
    /// If a grammar does not fit.
    pub fn new() -> Result<Self> {
        Ok(Self {
            highlighter: Highlighter::new(),
            python: Language::Python.configuration()?,
            rust: Language::Rust.configuration()?,
        })
    }

    /// The text's lines, escaped and in colours.
    ///
    /// # Errors
    /// If the text cannot be parsed.
    pub fn lines(&mut self, text: &str, language: Language) -> Result<Vec<Markup>> {
        let configuration = match language {
            Language::Python => self.python.as_ref(),
            Language::Rust => self.rust.as_ref(),
            Language::Plain => None,
        };
        let Some(configuration) = configuration else {
            return Ok(text.lines().map(|line| PreEscaped(escaped(line))).collect());
        };
        let mut lines = vec![String::new()];
        let mut classes = vec![""];
        for event in
            self.highlighter.highlight(configuration, text.as_bytes(), None, None, |_| None)?
        {
            match event? {
                HighlightEvent::HighlightStart(name) => classes.push(CLASSES[name.0].1),
                HighlightEvent::HighlightEnd => drop(classes.pop()),
                HighlightEvent::Source { start, end } => {
                    let class = classes.last().copied().unwrap_or_default();
                    for (position, part) in text[start..end].split('\n').enumerate() {
                        if position > 0 {
                            lines.push(String::new());
                        }
                        let line = lines.last_mut().context("there is no line")?;
                        match (part, class) {
                            ("", _) => {}
                            (part, "") => line.push_str(&escaped(part)),
                            (part, class) => {
                                write!(line, "<span class={class}>{}</span>", escaped(part))?;
                            }
                        }
                    }
                }
            }
        }
        // What follows the last line's end is no line.
        lines.truncate(text.lines().count());
        Ok(lines.into_iter().map(PreEscaped).collect())
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    // Writing to a string does not fail.
    let _ = Escaper::new(&mut escaped).write_str(text);
    escaped
}
