//! error[E0277]: the trait bound `Sender<u8>: Serialize` is not satisfied
//!
//! Lesson 02: A process is to get a channel of threads as its argument.
//!
//! What goes to another process goes as bytes, or as a descriptor. A channel of threads is a place in one process's
//! memory, so it is no data.
//!
//! Python: Where processes are forked, `queue.Queue` passes: the child gets a copy, and what it puts there nobody
//! receives. Where they are spawned it cannot be pickled, which shows when it runs.

use std::{
    io::{self, PipeWriter},
    sync::mpsc::{self, Sender},
};

/// As serde's, and lesson 02's: it can be sent, as bytes or as a descriptor.
trait Serialize {}

impl Serialize for u8 {}
impl Serialize for PipeWriter {}

/// What lesson 02's `Process::spawn` asks of an argument; this one calls the function here.
fn spawn<T: Serialize>(function: fn(T) -> io::Result<()>, argument: T) -> io::Result<()> {
    function(argument)
}

fn worker(squares: Sender<u8>) -> io::Result<()> {
    squares.send(4).map_err(io::Error::other)
}

fn main() -> io::Result<()> {
    let (squares, received) = mpsc::channel();
    spawn(worker, squares)?;
    println!("{:?}", received.recv());
    Ok(())
}
