//! `given_away.rs`, mended: Each thread gets a clone of its own.

use std::thread;

fn main() {
    let bucket = String::from("your-bucket-name");
    let mut threads = Vec::new();
    for key in ["file1.txt", "file2.txt"] {
        let bucket = bucket.clone();
        threads.push(thread::spawn(move || println!("Downloading {key} from {bucket}")));
    }
    for thread in threads {
        thread.join().expect("the task does not panic");
    }
}
