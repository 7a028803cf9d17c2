//! What the header of an example's file says.

/// A header, whose form is a convention: what it shows, `Ports:` or `Extends:`, `Python → Rust:`, prose, `Run:`.
#[derive(Debug, PartialEq, Eq)]
pub struct Header {
    /// What the example shows, in Markdown.
    pub summary: String,
    /// What is written in Python and what answers to it, in Markdown.
    pub calls: Vec<(String, String)>,
    /// Paragraphs of Markdown.
    pub prose: Vec<String>,
    /// The commands to run it with, and what may vary, in Markdown.
    pub run: String,
}

impl Header {
    /// Reads the header of a Rust file.
    pub fn of(rust: &str) -> Self {
        let lines = rust.lines().map_while(|line| line.strip_prefix("//!"));
        let text: String =
            lines.flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"]).collect();
        let mut header = Self {
            summary: String::new(),
            calls: Vec::new(),
            prose: Vec::new(),
            run: String::new(),
        };
        for (position, paragraph) in text.trim().split("\n\n").enumerate() {
            if position == 0 {
                header.summary = paragraph.into();
            } else if paragraph.starts_with("Ports:") || paragraph.starts_with("Extends:") {
                let calls = paragraph.split_once("Python → Rust: ").map_or("", |(_, calls)| calls);
                header.calls = self::calls(calls);
            } else if let Some(run) = paragraph.strip_prefix("Run: ") {
                header.run = run.into();
            } else {
                header.prose.push(paragraph.into());
            }
        }
        header
    }
}

fn calls(text: &str) -> Vec<(String, String)> {
    let pairs = text.split(" ·").filter_map(|pair| pair.split_once("→"));
    pairs.map(|(python, rust)| (python.trim().into(), rust.trim().into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_has_its_parts() {
        let header = Header::of(
            "//! Shows it.\n//!\n//! Ports: x slide 1\n//! Python → Rust: `a` → `b` · `c`\n//! → `d`\n//!\n//! Why.\n//!\n//! Run: `cargo x`\n//! Varies.\n\nuse std;\n",
        );
        assert_eq!(header.summary, "Shows it.");
        assert_eq!(header.prose, ["Why."]);
        assert_eq!(header.run, "`cargo x`\nVaries.");
        assert_eq!(header.calls[0], ("`a`".into(), "`b`".into()));
    }
}
