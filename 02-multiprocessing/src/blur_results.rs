//! Photographs blurred by a pool of processes, which give back the names of the results, in the photos' order.
//!
//! Ports: techniques slide 7
//! Python → Rust: `results = Pool().map(apply_blur, paths)` → `Pool::new(None)?.map(apply_blur, photos)` ·
//! `Image.open`, `filter(ImageFilter.BLUR)` and `save` → `lab::photos::blur_file`, with the same pixels
//!
//! As `image-blur`, but that a process returns a value: `String` in place of `()`. It crosses back as bytes, as the
//! argument came. Whoever is done first, `map` puts the results into the order of the items.
//!
//! Run: `cargo 02-multiprocessing blur-results`

use std::path::PathBuf;

use anyhow::{Error, Result};
use multiprocessing::{Pool, Tasks};
use tracing::info_span;

fn apply_blur(photo: PathBuf) -> Result<String, String> {
    let name = photo.file_name().unwrap_or_default().display();
    let _span = info_span!("apply_blur", %name).entered();
    let blurred = format!("blurred_{name}");
    let output = photo.with_file_name(&blurred);
    lab::photos::blur_file(&photo, &output).map_err(|error| format!("{error:#}"))?;
    Ok(blurred)
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(apply_blur);
}

/// Photographs blurred by a pool, the results in order
#[derive(clap::Args)]
pub struct Args {}

pub fn run(_: Args) -> Result<()> {
    let photos = lab::photos::four(1600, 1200)?;
    let pool = Pool::new(None)?;
    let mut results = Vec::new();
    for result in pool.map(apply_blur, photos)? {
        results.push(result.map_err(Error::msg)?);
    }
    pool.join()?;
    println!("Blurred images: ['{}']", results.join("', '"));
    Ok(())
}
