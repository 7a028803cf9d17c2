//! What programs say of their run is refused, or drawn.
#![no_main]

use std::fs;

use libfuzzer_sys::fuzz_target;
use tempfile::NamedTempFile;
use xtask::trace::{
    arrange::arrange,
    perfetto,
    recording::{Facts, Recording},
    spans,
    svg::Picture,
    terminal,
};

fuzz_target!(|bytes: &[u8]| {
    let file = NamedTempFile::new().expect("make a file");
    fs::write(file.path(), bytes).expect("write");
    let Ok(lines) = spans::read(file.path()) else { return };
    // A run of a second, of which there is nothing but what the program says.
    let recording = Recording {
        facts: Facts::Spans,
        instead: None,
        begin: 1_000_000_000,
        end: 2_000_000_000,
        cores: 2,
        threads: Vec::new(),
        lost: 0,
        others: 0.0,
        failure: None,
        stopped: None,
    };
    let runs = [arrange("Rust", recording, &lines)];
    terminal::draw("title", &runs, true, 80);
    Picture { title: "title", source: "source", runs: &runs, shared: true }.draw();
    perfetto::encode(&runs);
});
