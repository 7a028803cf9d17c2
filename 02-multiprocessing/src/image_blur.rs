//! Photographs blurred by a pool of processes: decode, filter, encode, a photo at a time each.
//!
//! Ports: approaches slide 6 · techniques slide 7
//! Python → Rust: `Pool().map(apply_filter, paths)` → `Pool::submit` of each ·
//! `img.filter(ImageFilter.BLUR)` → `lab::photos::blur`, with the crates `image` and `jpeg-encoder`
//!
//! The pixels are Pillow's. `map` ends at the first error, as Python's; each call of `submit` has a
//! result of its own. A file that cannot be read or written is reported by its name, the others
//! are finished; a result is written aside and renamed, so that half a photo is never there.
//! 8-bit grey, RGB and RGBA; in Pillow too, a palette image cannot be filtered.
//!
//! Run: `cargo 02-multiprocessing image-blur a.jpg b.png --out /tmp`
//! The order of the lines "Processed …" may vary.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    thread,
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use multiprocessing::{Pool, Tasks};
use tracing::info_span;

/// Photographs blurred by a pool of processes
#[derive(clap::Args)]
pub struct Args {
    /// JPEG or PNG files; without any, four generated photos
    files: Vec<PathBuf>,
    /// Folder for `blurred_NAME` [default: the current one; for generated photos, theirs]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Width and height of the generated photos
    #[arg(long, default_value = "1600x1200", value_parser = size)]
    size: (u32, u32),
    /// Processes in the pool [default: one for each core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1000))]
    processes: Option<u16>,
    /// Whose printed lines to use
    #[arg(long, default_value = "approaches")]
    words: Words,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Words {
    Approaches,
    Techniques,
}

fn size(text: &str) -> Result<(u32, u32)> {
    let (width, height) = text.split_once('x').context("must be WIDTHxHEIGHT")?;
    let (width, height) = (width.parse()?, height.parse()?);
    let sides = 1..=16_000;
    ensure!(sides.contains(&width) && sides.contains(&height), "sides must be 1 to 16000");
    Ok((width, height))
}

pub fn register(tasks: &mut Tasks) {
    tasks.pool(apply_blur);
}

pub fn run(args: &Args) -> Result<()> {
    let (files, out) = if args.files.is_empty() {
        let photos = lab::photos::four(args.size.0, args.size.1)?;
        let folder = photos[0].parent().map(Path::to_path_buf);
        (photos, folder.unwrap_or_default())
    } else {
        (args.files.clone(), PathBuf::from("."))
    };
    let out = args.out.clone().unwrap_or(out);
    let names: BTreeSet<_> = files.iter().map(|file| file.file_name()).collect();
    ensure!(names.len() == files.len(), "two of the files have one name, and so would the results");

    let begin = Instant::now();
    let cores = thread::available_parallelism().context("cannot count the cores")?;
    let pool = Pool::new(args.processes.map_or(cores.get(), usize::from))?;
    let start = |file: &PathBuf| {
        let says = args.words == Words::Approaches;
        pool.submit(apply_blur, (file.clone(), out.clone(), says))
    };
    let results = files.iter().map(start).collect::<Result<Vec<_>, _>>()?;
    let (mut blurred, mut failed) = (Vec::new(), 0);
    for (file, result) in files.iter().zip(results) {
        match result
            .get()
            .map_err(|error| format!("cannot blur {}: {error}", file.display()))
            .flatten()
        {
            Ok(name) => blurred.push(name),
            Err(reason) => {
                eprintln!("{reason}");
                failed += 1;
            }
        }
    }
    match args.words {
        Words::Approaches => {
            println!("Total time taken: {:.2} seconds", begin.elapsed().as_secs_f64());
        }
        Words::Techniques => println!("Blurred images: ['{}']", blurred.join("', '")),
    }
    ensure!(failed == 0, "{failed} of {} photos failed", files.len());
    Ok(pool.join()?)
}

/// Its error is text, because only data can cross between processes.
fn apply_blur(file: PathBuf, out: PathBuf, says: bool) -> Result<String, String> {
    let _span = info_span!("apply_blur", file = %file.display()).entered();
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let blurred = format!("blurred_{name}");
    lab::photos::blur_file(&file, &out.join(&blurred)).map_err(|error| format!("{error:#}"))?;
    if says {
        println!("Processed {name}");
    }
    Ok(blurred)
}
