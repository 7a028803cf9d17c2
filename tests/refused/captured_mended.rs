//! `captured.rs`, mended: What the function needs is given to it as an argument, as to lesson 02's
//! `Process::spawn(worker, (name,))`.

/// What lesson 02's `Process::spawn` asks of a function; this one calls it here.
fn spawn<A>(function: impl Fn(A) + Copy + Send + Sync + 'static, arguments: A) {
    function(arguments);
}

fn main() {
    let name = String::from("A");
    spawn(|name| println!("Worker {name} starting"), name);
}
