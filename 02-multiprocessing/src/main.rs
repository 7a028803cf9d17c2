//! Lesson 02: processes.

lab::lesson! {
    /// Processes: Python's `multiprocessing`, in Rust
    "02-multiprocessing" with multiprocessing::init,
    workers: register,
    failing_workers: register,
    process_names: register,
    squares: register,
    pool: register,
    sum_of_squares: register,
    image_blur: register,
    blur_results: register,
    photos: register,
    shared_counter: register,
    semaphore: register,
    queue: register,
    many_producers: register,
    producer_consumer: register,
    pipe: register,
    manager: register,
    micro: register,
}
