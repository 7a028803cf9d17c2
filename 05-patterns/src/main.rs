//! Lesson 05: patterns.

lab::lesson! {
    /// Threads, processes and tasks side by side: patterns, locks, and which to choose
    "05-patterns" with multiprocessing::init,
    three_ways: register,
    producer_consumer,
    orderly_end,
    io_and_cpu: register,
    failing_files: register,
    choose,
    advice,
    compare: register,
    grid: register,
    lock,
    semaphore,
    more_locks,
    profiling: register,
}
