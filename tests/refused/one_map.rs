//! error[E0596]: cannot borrow `counts` as mutable, as it is a captured variable in a `Fn` closure
//!
//! Lesson 06's word count with one map for all threads and no lock. Python runs this; its threads
//! take turns. Refused because what several threads call at once is a `Fn`, which changes nothing
//! that it has captured.

use std::{collections::HashMap, thread};

fn for_each_at_once(chunks: &[&str], work: impl Fn(&str) + Sync) {
    thread::scope(|scope| {
        for chunk in chunks {
            scope.spawn(|| work(chunk));
        }
    });
}

fn main() {
    let mut counts = HashMap::new();
    for_each_at_once(&["one two", "two three"], |chunk| {
        for word in chunk.split(' ') {
            *counts.entry(word.to_owned()).or_insert(0) += 1;
        }
    });
    println!("{counts:?}");
}
