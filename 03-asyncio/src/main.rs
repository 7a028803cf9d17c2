//! Lesson 03: asynchronous tasks.

/// With a thousand pages in flight glibc's allocator takes a sixth of the time, and its memory grows
/// with the number of pages: their buffers lie between those that stay.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod countdown;
mod debugging;
mod event_loop;
mod fetch_data;
mod hello;
mod semaphore;
mod web_scraping;

use std::process::ExitCode;

/// One thread and many tasks: Python's `asyncio` and `aiohttp`, in Rust
#[derive(clap::Subcommand)]
enum Example {
    Hello(hello::Args),
    Countdown(countdown::Args),
    EventLoop(event_loop::Args),
    FetchData(fetch_data::Args),
    WebScraping(web_scraping::Args),
    Semaphore(semaphore::Args),
    Debugging(debugging::Args),
}

impl lab::Lesson for Example {
    const NAME: &str = "03-asyncio";

    fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Hello(args) => hello::run(args),
            Self::Countdown(args) => countdown::run(args),
            Self::EventLoop(args) => event_loop::run(args),
            Self::FetchData(args) => fetch_data::run(&args),
            Self::WebScraping(args) => web_scraping::run(&args),
            Self::Semaphore(args) => semaphore::run(&args),
            Self::Debugging(args) => debugging::run(args),
        }
    }
}

fn main() -> ExitCode {
    lab::main::<Example>()
}
