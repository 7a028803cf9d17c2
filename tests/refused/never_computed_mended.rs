//! `never_computed.rs`, mended: `sum` asks for them. For what gives no result there is `for_each`.

#![deny(unused_must_use)]

fn square(number: i32) -> i32 {
    println!("Squaring {number}");
    number * number
}

fn main() {
    let total: i32 = [1, 2, 3].into_iter().map(square).sum();
    println!("Sum of squared numbers: {total}");
}
