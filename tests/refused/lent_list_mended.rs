//! `lent_list.rs`, mended: The list goes there, and comes back changed, as the result. For what both change as they go
//! there is lesson 02's `Manager`.

/// As serde's: it can be made from bytes, and refers to nothing else.
trait DeserializeOwned {}

impl DeserializeOwned for Vec<u32> {}

/// What lesson 02 asks of a function's argument; this one calls the function here.
fn submit<A: DeserializeOwned, R>(function: impl Fn(A) -> R, argument: A) -> R {
    function(argument)
}

fn add_square(mut squares: Vec<u32>) -> Vec<u32> {
    squares.push(4);
    squares
}

fn main() {
    let mut squares = Vec::new();
    squares = submit(add_square, squares);
    println!("{squares:?}");
}
