//! Lesson 02: processes.

mod image_blur;
mod manager;
mod micro;
mod pipe;
mod pool;
mod queue;
mod shared_counter;
mod workers;

use std::process::ExitCode;

/// Processes: Python's `multiprocessing`, in Rust
#[derive(clap::Subcommand)]
enum Example {
    Workers(workers::Args),
    Pool(pool::Args),
    ImageBlur(image_blur::Args),
    SharedCounter(shared_counter::Args),
    Queue(queue::Args),
    Pipe(pipe::Args),
    Manager(manager::Args),
    Micro(micro::Args),
}

impl lab::Lesson for Example {
    const NAME: &str = "02-multiprocessing";

    fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Workers(args) => workers::run(&args),
            Self::Pool(args) => pool::run(&args),
            Self::ImageBlur(args) => image_blur::run(&args),
            Self::SharedCounter(args) => shared_counter::run(&args),
            Self::Queue(args) => queue::run(&args),
            Self::Pipe(args) => pipe::run(&args),
            Self::Manager(args) => manager::run(&args),
            Self::Micro(args) => micro::run(&args),
        }
    }
}

fn main() -> ExitCode {
    lab::main_after::<Example>(|| {
        multiprocessing::init(|tasks| {
            workers::register(tasks);
            pool::register(tasks);
            image_blur::register(tasks);
            shared_counter::register(tasks);
            queue::register(tasks);
            pipe::register(tasks);
            manager::register(tasks);
            micro::register(tasks);
        });
    })
}
