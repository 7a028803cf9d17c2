//! Lesson 03: asynchronous tasks.

/// With a thousand pages in flight glibc's allocator takes a sixth of the time, and its memory grows
/// with the number of pages: their buffers lie between those that stay.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

lab::lesson! {
    /// One thread and many tasks: Python's `asyncio` and `aiohttp`, in Rust
    "03-asyncio",
    hello,
    countdown,
    event_loop,
    cancel,
    fetch_data,
    web_scraping,
    page_sizes,
    crawl,
    semaphore,
    debugging,
    blocking,
}
