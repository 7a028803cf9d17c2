//! Prose for a terminal.

/// Columns of a terminal that nobody has widened.
const WIDTH: usize = 80;

/// A paragraph in lines that fit a terminal; a word that is longer has its own.
pub fn filled(paragraph: &str) -> String {
    lines(paragraph, WIDTH).join("\n")
}

/// The same, six columns in, and what follows the first line two more.
pub fn indented(paragraph: &str) -> String {
    format!("      {}", lines(paragraph, WIDTH - 8).join("\n        "))
}

/// A paragraph in lines of at most `width` letters; a word that is longer has its own.
pub fn lines(paragraph: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in paragraph.split_ascii_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
