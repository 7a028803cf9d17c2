//! Outputs made comparable: between runs, between languages, and with a committed expectation.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::catalogue::Order;

/// The output with what varies from run to run taken out: the local site's port, measured numbers
/// (those with a decimal point; computed ones are whole), and the order of lines where it is free.
pub fn canonical(output: &str, order: Order) -> String {
    static SITE: LazyLock<Regex> = LazyLock::new(|| pattern(r"http://127\.0\.0\.1:\d+"));
    static MEASURED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b\d+\.\d+\b"));
    let output = SITE.replace_all(output, "http://SITE");
    let output = MEASURED.replace_all(&output, "#.#");
    let mut lines: Vec<_> = output.lines().collect();
    let free = match order {
        Order::Fixed => 0,
        Order::Free => lines.len(),
        Order::ClosingLast => lines.len().saturating_sub(1),
    };
    lines[..free].sort_unstable();
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
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
    fn the_first_difference_is_named() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        let shown = difference("a\n", "a\nb\n");
        assert_eq!(shown.as_deref(), Some(r#""(nothing more)" against "b""#));
    }
}
