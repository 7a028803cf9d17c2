//! `borrowed_handle.rs`, mended: The loop takes each future out of the list. Who wants a result twice keeps it.

use std::thread;

fn main() {
    let futures: Vec<_> = (1..=3).map(|number| thread::spawn(move || number * number)).collect();
    for future in futures {
        println!("Squared value: {}", future.join().expect("a square does not panic"));
    }
}
