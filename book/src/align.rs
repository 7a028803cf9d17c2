//! Two files side by side, function by function.

use std::ops::Range;

/// A file cut at the ends of its functions: no line is in two pieces, and none in no piece.
#[derive(Debug)]
struct Piece {
    /// The function that it ends with.
    name: String,
    /// Its lines, from 0.
    lines: Range<usize>,
}

/// Lines of both files that face each other, from 0; one of the ranges may be empty.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// Lines of the Python file.
    pub python: Range<usize>,
    /// Lines of the Rust file.
    pub rust: Range<usize>,
}

/// How two files stand beside each other.
#[derive(Debug, PartialEq, Eq)]
pub struct Aligned {
    /// What stands above the first function: imports and constants.
    pub head: Row,
    /// The functions, in the order of the Rust file.
    pub rows: Vec<Row>,
    /// Whether every function of Python's has its own in Rust; else the files stand side by side as they are.
    pub by_function: bool,
}

/// Aligns an example with its twin.
pub fn aligned(python: &str, rust: &str) -> Aligned {
    let (python_lines, rust_lines): (Vec<_>, Vec<_>) =
        (python.lines().collect(), rust.lines().collect());
    let (python_head, rust_head) = (python_head(&python_lines), rust_head(&rust_lines));
    let head = Row { python: 0..python_head, rust: 0..rust_head };
    let ours = pieces(&rust_lines, rust_head, rust_function, |line| line == "}");
    let theirs = pieces(&python_lines, python_head, python_function, |_| false);
    let counterpart = |name: &str| match ours.iter().position(|piece| piece.name == name) {
        // A twin's `main` is what `run` is here, and the lesson's `main` where `run` only starts an event loop.
        None if name == "main" => ours.iter().position(|piece| piece.name == "run"),
        found => found,
    };
    let pairs: Option<Vec<_>> = theirs.iter().map(|piece| counterpart(&piece.name)).collect();
    let whole = Row { python: python_head..python_lines.len(), rust: rust_head..rust_lines.len() };
    // Twins have their functions in one order; what is in another is not a twin.
    let Some(pairs) = pairs.filter(|pairs| pairs.is_sorted_by(|one, next| one < next)) else {
        return Aligned { head, rows: vec![whole], by_function: false };
    };
    let mut rows = Vec::new();
    let mut from = rust_head;
    for (at, (piece, ours_at)) in theirs.iter().zip(&pairs).enumerate() {
        // Whatever follows the last pair belongs to it.
        let is_last = at + 1 == pairs.len();
        let end = if is_last { rust_lines.len() } else { ours[*ours_at].lines.end };
        rows.push(Row { python: piece.lines.clone(), rust: from..end });
        from = end;
    }
    let rows =
        rows.into_iter().flat_map(|row| parted_at_arguments(row, &python_lines, &rust_lines));
    Aligned { head, rows: rows.collect(), by_function: true }
}

/// Where a function says which arguments a program has, its body begins beside that of the other.
fn parted_at_arguments(row: Row, python: &[&str], rust: &[&str]) -> Vec<Row> {
    let parsed =
        python[row.python.clone()].iter().position(|line| line.contains("= parser.parse_args()"));
    let starts = |line: &&str| rust_function(line).is_some_and(|name| name == "run");
    let body = rust[row.rust.clone()].iter().position(starts);
    let (Some(parsed), Some(body)) = (parsed, body) else { return vec![row] };
    let (parsed, body) = (row.python.start + parsed + 1, row.rust.start + body);
    let blank = python[parsed..row.python.end].iter().take_while(|line| line.is_empty()).count();
    let parsed = parsed + blank;
    vec![
        Row { python: row.python.start..parsed, rust: row.rust.start..body },
        Row { python: parsed..row.python.end, rust: body..row.rust.end },
    ]
}

/// Above the first item that is not imported: a comment that belongs to that item is below.
fn rust_head(lines: &[&str]) -> usize {
    let is_item = |line: &&str| {
        let above = ["//!", "use ", "mod ", "pub mod ", "    ", "}", "#[path", "#![", "pub use "];
        !line.is_empty() && !above.iter().any(|start| line.starts_with(start))
    };
    lines.iter().position(is_item).unwrap_or(lines.len())
}

/// Above the first function or class.
fn python_head(lines: &[&str]) -> usize {
    let is_item = |line: &&str| {
        ["def ", "async def ", "class ", "@"].iter().any(|start| line.starts_with(start))
    };
    lines.iter().position(is_item).unwrap_or(lines.len())
}

/// The function's name, if one begins here and stands at the left.
fn rust_function(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub ").unwrap_or(line);
    let rest = rest.strip_prefix("async ").unwrap_or(rest).strip_prefix("fn ")?;
    rest.split(['(', '<']).next()
}

fn python_function(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("async ").unwrap_or(line).strip_prefix("def ")?;
    rest.split('(').next()
}

fn pieces(
    lines: &[&str],
    from: usize,
    function: impl Fn(&str) -> Option<&str>,
    ends: impl Fn(&str) -> bool,
) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut start = from;
    let mut at = from;
    while at < lines.len() {
        let Some(name) = function(lines[at]) else {
            at += 1;
            continue;
        };
        at += 1;
        // To its closing brace, or as far as it is indented.
        let is_inside = |line: &str| {
            !ends(line) && (line.is_empty() || line.starts_with([' ', ')']) || name_goes_on(line))
        };
        while at < lines.len() && is_inside(lines[at]) {
            at += 1;
        }
        if at < lines.len() && ends(lines[at]) {
            at += 1;
        }
        while at < lines.len() && lines[at].is_empty() {
            at += 1;
        }
        pieces.push(Piece { name: name.to_owned(), lines: start..at });
        start = at;
    }
    if let Some(last) = pieces.last_mut() {
        last.lines.end = lines.len();
    }
    pieces
}

/// The lines of a signature, and of a text, that stand at the left though the function goes on.
fn name_goes_on(line: &str) -> bool {
    line.starts_with("where") || line.starts_with("{")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PYTHON: &str = "\"\"\"Doc.\"\"\"\nimport time\n\n\ndef task(n):\n    pass\n\n\ndef main():\n    args = parser.parse_args()\n\n    task(1)\n\n\nif __name__ == \"__main__\":\n    main()\n";
    const RUST: &str = "//! Doc.\n\nuse std::{\n    time,\n};\n\nfn task(n: u32) {\n}\n\n/// Args\npub struct Args {\n    n: u32,\n}\n\npub fn run(args: Args) {\n    task(1);\n}\n";

    #[test]
    fn functions_of_one_name_face_each_other_and_main_faces_run() {
        let Aligned { head, rows, by_function } = aligned(PYTHON, RUST);
        assert!(by_function);
        assert_eq!(head, Row { python: 0..4, rust: 0..6 });
        let expected = [(4..8, 6..9), (8..11, 9..14), (11..16, 14..17)];
        assert_eq!(rows, expected.map(|(python, rust)| Row { python, rust }));
    }

    #[test]
    fn files_whose_functions_differ_stand_side_by_side() {
        let other = PYTHON.replace("def task", "def work");
        let Aligned { rows, by_function, .. } = aligned(&other, RUST);
        assert!(!by_function);
        assert_eq!(rows, [Row { python: 4..16, rust: 6..17 }]);
    }
}
