//! error[E0515]: cannot return value referencing local variable `text`
//!
//! Lesson 06: Counts of words are to outlive the text.
//!
//! The words in the map are slices of the text: no byte is copied. The text is dropped when the function returns.
//!
//! Python: Runs. Each word is a string of its own, copied out of the text.

use std::collections::BTreeMap;

fn read(file: &str) -> String {
    format!("the text of {file} is the text")
}

fn count(file: &str) -> BTreeMap<&str, u32> {
    let text = read(file);
    let mut counts = BTreeMap::new();
    for word in text.split(' ') {
        *counts.entry(word).or_insert(0) += 1;
    }
    counts
}

fn main() {
    println!("{:?}", count("file1.txt"));
}
