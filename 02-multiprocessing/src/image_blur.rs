//! Photographs blurred by a pool of processes: decode, filter, encode, a photo at a time each.
//!
//! Ports: approaches slide 6
//! Python → Rust: `Pool().map(apply_filter, paths)` → `Pool::new(None)?.map(apply_filter, photos)` ·
//! `Image.open`, `filter(ImageFilter.BLUR)` and `save` → `lab::photos::blur_file`, with the same pixels
//!
//! Only data can cross between processes, so an error comes back as text; `anyhow`'s is no data. The first one ends the
//! program. For your own photos, each with its own error: `photos`.
//!
//! Run: `cargo 02-multiprocessing image-blur --size 4000x3000`
//! The order of the lines "Processed …" may vary.

use std::{path::PathBuf, time::Instant};

use anyhow::{Error, Result};
use multiprocessing::{Pool, Tasks};
use tracing::info_span;

fn apply_filter(photo: PathBuf) -> Result<(), String> {
    let name = photo.file_name().unwrap_or_default().display();
    let _span = info_span!("apply_filter", %name).entered();
    let blurred = photo.with_file_name(format!("blurred_{name}"));
    lab::photos::blur_file(&photo, &blurred).map_err(|error| format!("{error:#}"))?;
    println!("Processed {name}");
    Ok(())
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(apply_filter);
}

/// Photographs blurred by a pool of processes
#[derive(clap::Args)]
pub struct Args {
    /// Width and height of the four generated photos
    #[arg(long, default_value = "1600x1200", value_parser = lab::args::size)]
    size: (u32, u32),
}

pub fn run(args: Args) -> Result<()> {
    let photos = lab::photos::four(args.size.0, args.size.1)?;
    let begin = Instant::now();
    let pool = Pool::new(None)?;
    for result in pool.map(apply_filter, photos)? {
        result.map_err(Error::msg)?;
    }
    pool.join()?;
    println!("Total time taken: {:.2} seconds", begin.elapsed().as_secs_f64());
    Ok(())
}
