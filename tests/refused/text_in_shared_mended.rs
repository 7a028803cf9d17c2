//! `text_in_shared.rs`, mended: An array lies there with all of its bytes. A text of any length can be sent: through
//! lesson 02's `Queue` or `Pipe`.

/// As lesson 02's: its bytes are all of it, wherever they lie.
trait Plain {}

impl Plain for u8 {}
impl<T: Plain, const N: usize> Plain for [T; N] {}

/// What lesson 02's `Shared::new` asks of a value; here nobody shares it.
fn shared<T: Plain>(value: T) -> T {
    value
}

fn main() {
    let name = shared(*b"Alice");
    println!("{:?}", str::from_utf8(&name));
}
