//! Lesson 04: pools, futures, and S3.

mod s3;
mod transfer;

lab::lesson! {
    /// Pools and futures: Python's `concurrent.futures`, and S3, in Rust
    "04-futures" with init,
    thread_pool,
    process_pool: register,
    failing_processes: register,
    submit,
    as_completed,
    failing_futures,
    s3_download,
    many_downloads,
    s3_upload,
    many_uploads,
    files,
    many_files,
}

/// The local bucket is this program, started once more; so are worker processes.
fn init(register: impl FnOnce(&mut multiprocessing::Tasks)) {
    lab::bucket::serve_if_asked();
    multiprocessing::init(register);
}
