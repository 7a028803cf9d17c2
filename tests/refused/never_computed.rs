//! error[unused_must_use]: unused `Map` that must be used
//!
//! Lesson 06: Numbers are mapped, and nobody asks for the results.
//!
//! An iterator works when somebody asks for what comes of it; rayon's too. If nobody does, the compiler warns; the line
//! `deny` makes that an error.
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
