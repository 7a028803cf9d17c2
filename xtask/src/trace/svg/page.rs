//! Lines of text, for narrow screens and for wide ones.

use std::fmt::Write as _;

use crate::{
    prose,
    trace::{
        lanes::{Look, Run},
        recording::Facts,
    },
};

/// Letters of a line of text on a narrow screen, and on a wide one.
const NARROW: usize = 60;
const WIDE: usize = 100;

/// The same of the title.
const NARROW_TITLE: usize = 38;
const WIDE_TITLE: usize = 76;

/// Pixels from a line of text to the next, on a narrow screen and on a wide one.
const TEXT: u32 = 18;
const SMALL_TEXT: u32 = 15;
const TITLE: u32 = 21;

/// Pixels left of all text.
const MARGIN: &str = "14";

/// What has been drawn.
pub struct Page {
    /// As SVG.
    pub text: String,
    /// The base line of what comes next.
    pub y: u32,
}

impl Page {
    /// A page with a title.
    pub fn new(title: &str) -> Self {
        let mut page = Self { text: String::new(), y: 28 };
        let (wide, narrow) = (prose::lines(title, WIDE_TITLE), prose::lines(title, NARROW_TITLE));
        for (lines, class) in [(&wide, "title wide"), (&narrow, "title narrow")] {
            for (y, line) in (page.y..).step_by(TITLE as usize).zip(lines) {
                page.line(class, MARGIN, y, line);
            }
        }
        page.y += TITLE * wide.len().max(narrow.len()) as u32;
        page
    }

    fn line(&mut self, class: &str, x: &str, y: u32, text: &str) {
        let text = escaped(text);
        let _ = writeln!(self.text, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>");
    }

    /// Texts with their classes, and a name: beside them on a wide screen, above them on a narrow one. Both end where
    /// what comes next begins.
    pub fn said(&mut self, name: &str, texts: &[(&str, String)]) {
        let lines = |width| {
            let wrapped = texts.iter().flat_map(move |(class, text)| {
                prose::lines(text, width).into_iter().map(move |line| (*class, line))
            });
            wrapped.collect::<Vec<_>>()
        };
        let (wide, narrow) = (lines(WIDE), lines(NARROW));
        let above = if name.is_empty() { 0 } else { TEXT };
        let height = (wide.len() as u32 * TEXT).max(narrow.len() as u32 * SMALL_TEXT + above);
        let bottom = self.y + height;
        let (wide_y, narrow_y) =
            (bottom - wide.len() as u32 * TEXT, bottom - narrow.len() as u32 * SMALL_TEXT);
        if !name.is_empty() {
            self.line("language wide", MARGIN, wide_y, name);
            self.line("language narrow", MARGIN, narrow_y - above, name);
        }
        let beside = if name.is_empty() { MARGIN } else { "23%" };
        for (at, (class, line)) in wide.iter().enumerate() {
            self.line(&format!("{class} wide"), beside, wide_y + at as u32 * TEXT, line);
        }
        for (at, (class, line)) in narrow.iter().enumerate() {
            self.line(&format!("{class} narrow"), MARGIN, narrow_y + at as u32 * SMALL_TEXT, line);
        }
        self.y = bottom;
    }

    /// What the shapes mean that occur.
    pub fn legend(&mut self, runs: &[Run]) {
        self.y += 4;
        let any = |look| runs.iter().flat_map(|run| &run.lanes).any(|lane| lane.time(look) > 0);
        let mut keys = Vec::new();
        if any(Look::OnCore) {
            keys.push(("core", "on a core"));
        }
        if runs.iter().any(|run| run.own.is_some()) && any(Look::OnCore) {
            keys.push(("pale", "Python starts, ends"));
        }
        if any(Look::Ready) {
            keys.push(("ready", "ready for a core"));
        }
        if any(Look::Holding) {
            let facts = runs.iter().any(|run| run.recording.facts != Facts::Spans);
            keys.push(("hold", if facts { "keeps its thread" } else { "at work" }));
        }
        keys.push(("wait", "waits"));
        // More than three are two lines on a narrow screen.
        let rows = if keys.len() > 3 { 2 } else { 1 };
        for (at, (class, name)) in keys.into_iter().enumerate() {
            let y = self.y;
            let sign = match class {
                "wait" => format!("<path class=\"wait\" d=\"M14 {}h22\"/>", y - 4),
                _ => format!(
                    "<rect class=\"{class}\" x=\"14\" y=\"{}\" width=\"22\" height=\"11\"/>",
                    y - 10
                ),
            };
            let _ = writeln!(
                self.text,
                "<g class=\"k{at}\">{sign}<text x=\"42\" y=\"{y}\">{name}</text></g>"
            );
        }
        self.y += rows * TEXT;
    }
}

/// Text as XML has it.
pub fn escaped(text: &str) -> String {
    let text: String = text.chars().filter(|it| !it.is_control()).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
