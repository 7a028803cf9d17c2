//! Lesson 01: threads.

lab::lesson! {
    /// Threads: Python's `threading` and `queue`, in Rust
    "01-threading",
    workers,
    thread_names,
    interleaving,
    counter,
    atomic,
    daemon,
    work_queue,
    web_scraping,
    failing_pages,
    gil,
}
