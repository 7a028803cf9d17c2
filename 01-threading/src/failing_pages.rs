//! Web pages of which some fail: each is named with its cause, the others are fetched, and the exit code tells.
//!
//! Extends: web-scraping
//! Python → Rust: `requests.get(url, timeout=…)` → `blocking::Client` with a time-out · `try` around each → a `Result` of each
//!
//! One client for all threads: it keeps connections open and gives up a page in time. `thread::scope` joins
//! every thread before it returns, so these may borrow the client and the URLs from `run`; a thread of `thread::spawn`
//! would have to own them.
//!
//! Run: `cargo 01-threading failing-pages lab:a 'lab:b?fault=reset'` (the faults: `lab/src/site/mod.rs`)
//! The order of the lines may vary.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use lab::site::{Page, Url};
use reqwest::{Error, blocking::Client};
use tracing::info_span;

fn fetch_url(client: &Client, url: &Url) -> Result<()> {
    let _span = info_span!("fetch_url", %url).entered();
    let response = client.get(url.as_str()).send().map_err(Error::without_url)?;
    let status = response.status();
    response.bytes().map_err(Error::without_url)?;
    println!("Fetched {url}, status code: {}", status.as_u16());
    ensure!(status.is_success(), "{status}");
    Ok(())
}

/// Web pages of which some fail, a thread each
#[derive(clap::Args)]
pub struct Args {
    /// URLs, or lab:NAME for a page of the local site
    #[arg(default_values = ["lab:python.org", "lab:pypi.org", "lab:docs.python.org"])]
    urls: Vec<Page>,
    /// Seconds after which a page is given up
    #[arg(long, default_value = "10", value_parser = lab::args::seconds)]
    timeout: f64,
}

pub fn run(args: Args) -> Result<()> {
    let begin = Instant::now();
    let mut urls = Vec::new();
    for page in &args.urls {
        urls.push(page.url()?);
    }
    let client = Client::builder().timeout(Duration::from_secs_f64(args.timeout)).build()?;
    let mut failed = 0;
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for url in &urls {
            let client = &client;
            threads.push((url, scope.spawn(move || fetch_url(client, url))));
        }
        for (url, thread) in threads {
            if let Err(error) = thread.join().expect("fetch_url does not panic") {
                eprintln!("cannot fetch {url}: {error:#}");
                failed += 1;
            }
        }
    });
    println!("Total time taken: {:.2} seconds", begin.elapsed().as_secs_f64());
    ensure!(failed == 0, "{failed} of {} pages failed", urls.len());
    Ok(())
}
