//! A report of another run is refused, or compared with.
#![no_main]

use std::{fs, sync::LazyLock};

use libfuzzer_sys::fuzz_target;
use tempfile::NamedTempFile;
use xtask::{
    bench_all::{baseline::compare, report::Report},
    catalogue::root,
};

static REPORT: LazyLock<Report> = LazyLock::new(|| {
    Report::read(&root().join("docs/reference-run.json")).expect("it is a report")
});

fuzz_target!(|bytes: &[u8]| {
    let file = NamedTempFile::new().expect("make a file");
    fs::write(file.path(), bytes).expect("write");
    if let Ok(report) = Report::read(file.path()) {
        compare(&REPORT, &report);
        compare(&report, &REPORT);
        compare(&report, &report);
    }
});
