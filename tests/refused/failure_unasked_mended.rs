//! `failure_unasked.rs`, mended: Who joins looks at the result. A `?` would pass the error on.

#![deny(unused_must_use)]

use std::thread;

fn upload(file: &str) -> Result<(), String> {
    Err(format!("{file}: no such file"))
}

fn main() {
    let future = thread::spawn(|| upload("file1.txt"));
    if let Err(error) = future.join().expect("an upload does not panic") {
        println!("Cannot upload {error}");
    }
}
