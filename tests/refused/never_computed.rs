//! error[unused_must_use]: unused `Map` that must be used
//!
//! Lesson 06: Numbers are mapped, and nobody asks for the results.
//!
//! An iterator does its work when it is asked for what comes of it; rayon's too. It is a warning of the compiler, which
//! the line `deny` makes an error.
//!
//! Python: Runs, and squares nothing: without `compute()` a bag of Dask's is a plan.

#![deny(unused_must_use)]

fn square(number: i32) -> i32 {
    println!("Squaring {number}");
    number * number
}

fn main() {
    [1, 2, 3].into_iter().map(square);
}
