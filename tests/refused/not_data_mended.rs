//! `not_data.rs`, mended: A pipe is a descriptor, which the system hands over; lesson 02's `Queue` is made of
//! descriptors.

use std::io::{self, PipeWriter, Read, Write};

/// As serde's, and lesson 02's: it can be sent, as bytes or as a descriptor.
trait Serialize {}

impl Serialize for u8 {}
impl Serialize for PipeWriter {}

/// What lesson 02's `Process::spawn` asks of an argument; this one calls the function here.
fn spawn<T: Serialize>(function: fn(T) -> io::Result<()>, argument: T) -> io::Result<()> {
    function(argument)
}

fn worker(mut squares: PipeWriter) -> io::Result<()> {
    squares.write_all(&[4])
}

fn main() -> io::Result<()> {
    let (received, squares) = io::pipe()?;
    spawn(worker, squares)?;
    println!("{:?}", received.bytes().next().transpose()?);
    Ok(())
}
