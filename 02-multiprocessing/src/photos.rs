//! Your own photos, blurred by a pool of processes: each that fails is named with its cause, the others are finished.
//!
//! Extends: image-blur
//! Python → Rust: `pool.map(apply_filter, …)` → `pool.submit(apply_filter, …)` of each
//!
//! `map` has one error for all, also when a process is killed over a huge photo; each call of `submit` has a result of
//! its own. A blurred photo has no name until it is complete: neither an error, nor a full disk, nor Ctrl-C leaves
//! half of one. 8-bit grey, RGB and RGBA, in JPEG and PNG files; in Pillow too, a palette image cannot be filtered.
//!
//! Run: `cargo 02-multiprocessing photos a.jpg b.png --out /tmp`
//! The order of the lines "Processed …" may vary.

use std::{collections::BTreeSet, ffi::OsString, path::PathBuf, time::Instant};

use anyhow::{Result, ensure};
use lab::Misuse;
use multiprocessing::{Pool, Tasks};
use tracing::info_span;

/// Its paths as they travel: a `PathBuf` would have to be UTF-8.
fn apply_filter(photo: OsString, out: OsString) -> Result<(), String> {
    let (photo, out) = (PathBuf::from(photo), PathBuf::from(out));
    let name = photo.file_name().unwrap_or_default().display();
    let _span = info_span!("apply_filter", %name).entered();
    let blurred = out.join(format!("blurred_{name}"));
    lab::photos::blur_file(&photo, &blurred).map_err(|error| format!("{error:#}"))?;
    println!("Processed {name}");
    Ok(())
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(apply_filter);
}

/// Your own photos blurred, a failure each by its name
#[derive(clap::Args)]
pub struct Args {
    /// JPEG or PNG files; without any, four generated photos
    photos: Vec<PathBuf>,
    /// Folder for `blurred_NAME` [default: the current one; for generated photos, theirs]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Width and height of the generated photos
    #[arg(long, default_value = "1600x1200", value_parser = lab::args::size)]
    size: (u32, u32),
    /// Processes in the pool [default: one for each core]
    #[arg(long, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1000))]
    processes: Option<usize>,
}

pub fn run(args: Args) -> Result<()> {
    let mut photos = args.photos;
    let mut folder = PathBuf::from(".");
    if photos.is_empty() {
        photos = lab::photos::four(args.size.0, args.size.1)?;
        folder = photos[0].with_file_name("");
    }
    let out = args.out.unwrap_or(folder);
    let mut names = BTreeSet::new();
    for photo in &photos {
        let name = photo.file_name().unwrap_or_default().display().to_string();
        if names.contains(&name) {
            let reason = format!("two photos are named {name}, and so would be their results");
            return Err(Misuse(reason).into());
        }
        names.insert(name);
    }

    let begin = Instant::now();
    let pool = Pool::new(args.processes)?;
    let mut results = Vec::new();
    for photo in &photos {
        results.push(pool.submit(apply_filter, (photo.into(), (&out).into()))?);
    }
    let mut failed = 0;
    for (photo, result) in photos.iter().zip(results) {
        let reason = match result.get() {
            Ok(Ok(())) => continue,
            Ok(Err(reason)) => reason,
            Err(error) => format!("cannot blur {}: {error}", photo.display()),
        };
        eprintln!("{reason}");
        failed += 1;
    }
    println!("Total time taken: {:.2} seconds", begin.elapsed().as_secs_f64());
    ensure!(failed == 0, "{failed} of {} photos failed", photos.len());
    pool.join()?;
    Ok(())
}
