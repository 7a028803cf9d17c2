//! `mixed_results.rs`, mended: Each has a name. Where it is not known how many there are of each, an `enum` says what
//! each is.

use std::thread;

fn download() -> String {
    String::from("all work and no play")
}

fn size() -> usize {
    20
}

fn main() {
    let text = thread::spawn(download);
    let size = thread::spawn(size);
    println!("{:?}", text.join().expect("no task panics"));
    println!("{:?}", size.join().expect("no task panics"));
}
