//! `outlives_text.rs`, mended: Each word is copied, as in Python. Lesson 06's `map-reduce` copies none: its text is
//! the caller's, who keeps it until the counts are printed.

use std::collections::BTreeMap;

fn read(file: &str) -> String {
    format!("the text of {file} is the text")
}

fn count(file: &str) -> BTreeMap<String, u32> {
    let text = read(file);
    let mut counts = BTreeMap::new();
    for word in text.split(' ') {
        *counts.entry(word.to_owned()).or_insert(0) += 1;
    }
    counts
}

fn main() {
    println!("{:?}", count("file1.txt"));
}
