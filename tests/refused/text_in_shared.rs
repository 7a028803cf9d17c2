//! error[E0277]: the trait bound `String: Plain` is not satisfied
//!
//! Lesson 02: A text is put into memory that processes share.
//!
//! All that would lie there is where the text is, in the memory of one process. At that place another process has
//! something else, or nothing.
//!
//! Python: Runs, with `Value(c_char_p, b"Alice")`. Where processes are forked, the other finds the text if it was there
//! before the fork; where they are spawned it finds anything, or crashes.

/// As lesson 02's: its bytes are all of it, wherever they lie.
trait Plain {}

impl Plain for u8 {}
impl<T: Plain, const N: usize> Plain for [T; N] {}

/// What lesson 02's `Shared::new` asks of a value; here nobody shares it.
fn shared<T: Plain>(value: T) -> T {
    value
}

fn main() {
    let name = shared(String::from("Alice"));
    println!("{name:?}");
}
