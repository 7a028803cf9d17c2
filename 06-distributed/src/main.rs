//! Lesson 06: map and reduce, from one core to a cluster.

#[cfg(feature = "ballista")]
mod cluster;
#[cfg(not(feature = "ballista"))]
#[path = "no_cluster.rs"]
mod cluster;
mod first;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(not(feature = "gpu"))]
#[path = "no_gpu.rs"]
mod gpu;
mod on;
mod processes;
mod text;

lab::lesson! {
    /// Map and reduce on threads, on processes, and on a cluster: Python's Dask, in Rust
    "06-distributed" with init,
    bag: register,
    map_reduce,
    word_count: register,
    sharing;
    roles cluster::Role
}

/// The local bucket is this program, started once more; so are worker processes.
fn init(register: impl FnOnce(&mut multiprocessing::Tasks)) {
    lab::bucket::serve_if_asked();
    multiprocessing::init(register);
}
