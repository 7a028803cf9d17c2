//! error[E0277]: the trait bound `&mut Vec<u32>: DeserializeOwned` is not satisfied
//!
//! Lesson 02: A process is to add to a list that its parent lends it.
//!
//! A reference is a place in the memory of one process. What arrives in another is made there, from bytes, so there
//! is nothing that it could refer to.
//!
//! Python: Runs, and the list stays empty: the process adds to a copy.

/// As serde's: it can be made from bytes, and refers to nothing else.
trait DeserializeOwned {}

impl DeserializeOwned for Vec<u32> {}

/// What lesson 02 asks of a function's argument; this one calls the function here.
fn submit<A: DeserializeOwned, R>(function: impl Fn(A) -> R, argument: A) -> R {
    function(argument)
}

fn add_square(squares: &mut Vec<u32>) {
    squares.push(4);
}

fn main() {
    let mut squares = Vec::new();
    submit(add_square, &mut squares);
    println!("{squares:?}");
}
