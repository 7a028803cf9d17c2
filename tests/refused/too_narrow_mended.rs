//! `too_narrow.rs`, mended: The numbers are widened, then multiplied. To widen the product, as the compiler proposes,
//! is too late: a debug build panics there, a release build goes on with what is left of the square.

fn square(number: i32) -> i64 {
    i64::from(number) * i64::from(number)
}

fn main() {
    let total: i64 = [50_000, 60_000].into_iter().map(square).sum();
    println!("Sum of squared numbers: {total}");
}
