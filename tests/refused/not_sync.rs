//! error[E0277]: `Rc<Cell<i32>>` cannot be sent between threads safely
//!
//! `Rc` counts its owners without a lock, as CPython's objects do under the GIL. Between threads the
//! count could go wrong; `Arc` counts with atomics.

use std::{cell::Cell, rc::Rc, thread};

fn main() {
    let counter = Rc::new(Cell::new(0));
    let worker = thread::spawn(move || counter.set(1));
    worker.join().expect("the worker does not panic");
}
