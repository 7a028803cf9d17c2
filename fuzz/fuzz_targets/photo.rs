//! A photograph is refused, with nothing left, or blurred, and what is written is one.
#![no_main]

use std::fs;

use lab::photos::blur_file;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("make a folder");
    let [from, to] = ["from", "to"].map(|name| folder.path().join(name));
    fs::write(&from, bytes).expect("write");
    let blurred = blur_file(&from, &to).is_ok();
    let files = fs::read_dir(folder.path()).expect("read the folder").count();
    assert_eq!(files, 1 + usize::from(blurred));
    if blurred {
        blur_file(&to, &to).expect("it is a photograph");
    }
});
