//! Web pages fetched at once, a thread each: the total is the slowest page, not the sum.
//!
//! Ports: approaches slide 3 · techniques slide 3
//! Python → Rust: `requests.get(url)` → `reqwest::blocking::get(url)` · `Thread` → `thread::spawn`
//!
//! A Python thread that raises prints a traceback, and the program goes on as if all were well. Here what
//! `fetch_url` returns comes back through `join`, and `?` ends the program with it; see also `failing-pages`.
//!
//! Run: `cargo 01-threading web-scraping https://python.org https://pypi.org`
//! The order of the lines may vary.

use std::{thread, time::Instant};

use anyhow::Result;
use lab::site::{Page, Url};
use tracing::info_span;

fn fetch_url(url: Url) -> Result<()> {
    let _span = info_span!("fetch_url", %url).entered();
    let response = reqwest::blocking::get(url.clone())?;
    println!("Fetched {url}, status code: {}", response.status().as_u16());
    Ok(())
}

/// Web pages fetched at once, a thread each
#[derive(clap::Args)]
pub struct Args {
    /// URLs, or lab:NAME for a page of the local site
    #[arg(default_values = ["lab:python.org", "lab:pypi.org", "lab:docs.python.org"])]
    urls: Vec<Page>,
}

pub fn run(args: Args) -> Result<()> {
    let begin = Instant::now();
    let mut threads = Vec::new();
    for page in args.urls {
        let url = page.url()?;
        threads.push(thread::spawn(move || fetch_url(url)));
    }
    for thread in threads {
        thread.join().expect("fetch_url does not panic")?;
    }
    println!("Total time taken: {:.2} seconds", begin.elapsed().as_secs_f64());
    Ok(())
}
