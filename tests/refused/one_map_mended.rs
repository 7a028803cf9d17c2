//! `one_map.rs`, mended: The map is inside a lock. Better still, give each thread a map and merge them: lesson 06's
//! `map-reduce`, and `sharing` on what the lock costs.

use std::{collections::BTreeMap, sync::Mutex, thread};

fn for_each_at_once(chunks: &[&str], work: impl Fn(&str) + Sync) {
    thread::scope(|scope| {
        for chunk in chunks {
            scope.spawn(|| work(chunk));
        }
    });
}

fn main() {
    let counts = Mutex::new(BTreeMap::new());
    for_each_at_once(&["one two", "two three"], |chunk| {
        for word in chunk.split(' ') {
            let mut counts = counts.lock().expect("no thread panics");
            *counts.entry(word.to_owned()).or_insert(0) += 1;
        }
    });
    println!("{:?}", counts.into_inner().expect("no thread panics"));
}
