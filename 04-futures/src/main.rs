//! Lesson 04: pools, futures, and S3.

mod as_completed;
mod files;
mod process_pool;
mod s3;
mod s3_download;
mod s3_upload;
mod thread_pool;

use std::process::ExitCode;

/// Pools and futures: Python's `concurrent.futures`, and S3, in Rust
#[derive(clap::Subcommand)]
enum Example {
    ThreadPool(thread_pool::Args),
    ProcessPool(process_pool::Args),
    AsCompleted(as_completed::Args),
    S3Download(s3_download::Args),
    S3Upload(s3_upload::Args),
    Files(files::Args),
}

impl lab::Lesson for Example {
    const NAME: &str = "04-futures";

    fn run(self) -> anyhow::Result<()> {
        match self {
            Self::ThreadPool(args) => thread_pool::run(&args),
            Self::ProcessPool(args) => process_pool::run(&args),
            Self::AsCompleted(args) => as_completed::run(args),
            Self::S3Download(args) => s3_download::run(args),
            Self::S3Upload(args) => s3_upload::run(args),
            Self::Files(args) => files::run(args),
        }
    }
}

fn main() -> ExitCode {
    lab::main_after::<Example>(|| {
        lab::bucket::serve_if_asked();
        multiprocessing::init(process_pool::register);
    })
}
