//! error[E0308]: mismatched types
//!
//! Lesson 06: The square of a number is to be a wider number.
//!
//! The product of two `i32` is an `i32`, and for the square of 50,000 that is too narrow. Nothing is widened unasked.
//!
//! Python: Runs. An `int` is as wide as it must be. In an array of `int32`, NumPy's or Dask's, the square comes out
//! wrong, and nothing is said.

fn square(number: i32) -> i64 {
    number * number
}

fn main() {
    let total: i64 = [50_000, 60_000].into_iter().map(square).sum();
    println!("Sum of squared numbers: {total}");
}
