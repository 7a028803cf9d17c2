//! `lock_not_kept.rs`, mended: With a name, if only `_guard`, it is kept to the end of its block.

use std::sync::Mutex;

fn main() {
    let printer = Mutex::new(());
    let _guard = printer.lock().expect("no thread panics");
    println!("the first line");
    println!("the second line, with nobody else's between");
}
