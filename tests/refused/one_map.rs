//! error[E0596]: cannot borrow `counts` as mutable, as it is a captured variable in a `Fn` closure
//!
//! Lesson 06: Threads add to one map without a lock.
//!
//! What several threads call at once is a `Fn`, which changes nothing that it has captured.
//!
//! Python: Runs; its threads take turns. `counts[word] += 1` may lose an addition, as a counter does.

use std::{collections::BTreeMap, thread};

fn for_each_at_once(chunks: &[&str], work: impl Fn(&str) + Sync) {
    thread::scope(|scope| {
        for chunk in chunks {
            scope.spawn(|| work(chunk));
        }
    });
}

fn main() {
    let mut counts = BTreeMap::new();
    for_each_at_once(&["one two", "two three"], |chunk| {
        for word in chunk.split(' ') {
            *counts.entry(word.to_owned()).or_insert(0) += 1;
        }
    });
    println!("{counts:?}");
}
