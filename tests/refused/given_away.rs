//! error[E0382]: use of moved value: `bucket`
//!
//! Lesson 04: What one task was given is given to a second.
//!
//! Lesson 04's `s3-download` clones the bucket's name for each task. Without that the first task owns it, and
//! nothing is left for the second.
//!
//! Python: Runs. All tasks share all objects.

use std::thread;

fn main() {
    let bucket = String::from("your-bucket-name");
    let mut threads = Vec::new();
    for key in ["file1.txt", "file2.txt"] {
        threads.push(thread::spawn(move || println!("Downloading {key} from {bucket}")));
    }
    for thread in threads {
        thread.join().expect("the task does not panic");
    }
}
