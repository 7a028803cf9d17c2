//! Outputs made comparable: between runs, between languages, and with a committed expectation.

use std::{borrow::Cow, ops::Range, sync::LazyLock};

use anyhow::{Context, Result};
use regex_lite::{Captures, Regex};

use crate::catalogue::{Order, Port};

/// A part's wording of an example's lines.
pub struct Wording(Vec<(Regex, String)>);

impl Wording {
    /// That of a part.
    ///
    /// # Errors
    /// If one of its patterns is no regular expression.
    pub fn of(port: &Port) -> Result<Self> {
        let rule = |(line, words): &(String, String)| {
            let whole = Regex::new(&format!("^(?:{line})$"));
            Ok((whole.with_context(|| format!("{line:?} in catalogue.toml"))?, words.clone()))
        };
        Ok(Self(port.lines.iter().map(rule).collect::<Result<_>>()?))
    }

    /// Whether all lines stay as they are.
    pub fn is_plain(&self) -> bool {
        self.0.is_empty()
    }

    /// The line in the part's words; none if the part has no such line.
    pub fn line<'a>(&self, line: &'a str) -> Option<Cow<'a, str>> {
        match self.0.iter().find(|(pattern, _)| pattern.is_match(line)) {
            None => Some(line.into()),
            Some((_, words)) if words.is_empty() => None,
            Some((pattern, words)) => Some(pattern.replace(line, words.as_str())),
        }
    }

    /// The whole output in the part's words.
    pub fn apply(&self, output: &str) -> String {
        output
            .lines()
            .filter_map(|line| self.line(line))
            .flat_map(|line| [line, "\n".into()])
            .collect()
    }
}

/// The output with what varies from run to run taken out: the local site's port, measured numbers
/// (those with a decimal point; computed ones are whole), and the order of lines where it is free.
pub fn canonical(output: &str, order: Order) -> String {
    let mut lines: Vec<_> = output.lines().map(canonical_line).collect();
    let free = match order {
        Order::Fixed => 0,
        Order::Free => lines.len(),
        Order::ClosingLast => lines.len().saturating_sub(1),
    };
    lines[..free].sort_unstable();
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

fn canonical_line(line: &str) -> Cow<'_, str> {
    // What varies has a point, and to find that there is none is all that most lines need: by the pattern, the 16 MB that
    // `many-files` prints would take ten seconds a run.
    if !line.contains('.') {
        return line.into();
    }
    let stands_for = |found: &Captures<'_>| {
        if found[0].starts_with("http") { "http://SITE" } else { "#.#" }
    };
    VARIES.replace_all(line, stands_for)
}

/// The local site's address, or a number that was measured.
static VARIES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"http://127\.0\.0\.1:\d+|\b\d+\.\d+\b").expect("a constant pattern")
});

/// Where a line has what varies from run to run.
pub fn varying(line: &str) -> impl Iterator<Item = Range<usize>> {
    VARIES.find_iter(line).map(|found| found.range())
}

/// Where two outputs part: the first lines that differ.
pub fn difference(left: &str, right: &str) -> Option<String> {
    let (mut left_lines, mut right_lines) = (left.lines(), right.lines());
    loop {
        match (left_lines.next(), right_lines.next()) {
            (None, None) => return None,
            (left, right) if left == right => {}
            (left, right) => {
                let shown = |line: Option<&str>| line.unwrap_or("(nothing more)").to_owned();
                return Some(format!("{:?} against {:?}", shown(left), shown(right)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_measured_numbers_and_free_order_do_not_count() {
        let one = "b http://127.0.0.1:4100/x\na 12\nTotal: 0.98 seconds\n";
        let other = "a 12\nb http://127.0.0.1:99/x\nTotal: 12.30 seconds\n";
        let order = Order::ClosingLast;
        assert_eq!(canonical(one, order), canonical(other, order));
        assert_eq!(canonical(one, order), "a 12\nb http://SITE/x\nTotal: #.# seconds\n");
    }

    #[test]
    fn computed_numbers_a_fixed_order_and_the_last_line_count() {
        assert_ne!(canonical("a 12\n", Order::Free), canonical("a 13\n", Order::Free));
        assert_ne!(canonical("a\nb\n", Order::Fixed), canonical("b\na\n", Order::Fixed));
        assert_ne!(
            canonical("a\nb\n", Order::ClosingLast),
            canonical("b\na\n", Order::ClosingLast)
        );
    }

    #[test]
    fn what_varies_in_a_line_is_found_piece_by_piece() {
        let line = "http://127.0.0.1:4100/x: 12 bytes in 0.25 s";
        let found: Vec<_> = varying(line).map(|range| &line[range]).collect();
        assert_eq!(found, ["http://127.0.0.1:4100", "0.25"]);
    }

    #[test]
    fn a_line_is_reworded_by_the_first_rule_that_fits_it_whole() -> Result<()> {
        let rule = |line: &str, words: &str| (line.to_owned(), words.to_owned());
        let lines =
            vec![rule("Worker (.*) starts", "$1 is there"), rule("W.*", ""), rule("a|b", "c")];
        let port = Port { tutorial: "t".into(), part: 1, args: vec![], order: None, lines };
        let wording = Wording::of(&port)?;
        let output = "Worker A starts\nWorker A ends\nThe Worker A starts\nab\nb\n";
        assert_eq!(wording.apply(output), "A is there\nThe Worker A starts\nab\nc\n");
        Ok(())
    }

    #[test]
    fn the_first_difference_is_named() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        let shown = difference("a\n", "a\nb\n");
        assert_eq!(shown.as_deref(), Some(r#""(nothing more)" against "b""#));
    }
}
