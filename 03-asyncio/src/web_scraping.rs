//! Web pages fetched at once by one client on one thread: the total is the slowest page, not the sum.
//!
//! Ports: approaches slide 10
//! Python → Rust: `aiohttp.ClientSession` → `reqwest::Client` · `asyncio.gather` → `try_join_all`
//!
//! A client keeps its connections for the next page of a host; for one page there is `reqwest::get`. The first error
//! ends what `try_join_all` waits for. Many pages, each accounted for: `crawl`.
//!
//! Run: `cargo 03-asyncio web-scraping https://python.org https://pypi.org`
//! The order of the lines may vary.

use std::time::Instant;

use anyhow::Result;
use futures_util::future::try_join_all;
use lab::site::{Page, Url};
use reqwest::Client;
use tracing::instrument;

#[instrument(skip_all, fields(%url))]
async fn fetch_url(session: &Client, url: Url) -> Result<()> {
    let response = session.get(url.clone()).send().await?;
    println!("Fetched {url}, status code: {}", response.status().as_u16());
    Ok(())
}

/// Web pages fetched at once, on one thread
#[derive(clap::Args)]
pub struct Args {
    /// URLs, or lab:NAME for a page of the local site
    #[arg(default_values = ["lab:python.org", "lab:pypi.org", "lab:docs.python.org", "lab:github.com", "lab:stackoverflow.com"])]
    urls: Vec<Page>,
}

#[tokio::main(flavor = "current_thread")]
pub async fn run(args: Args) -> Result<()> {
    let begin = Instant::now();
    let session = Client::new();
    let mut fetches = Vec::new();
    for page in args.urls {
        fetches.push(fetch_url(&session, page.url()?));
    }
    try_join_all(fetches).await?;
    println!("Total time taken: {:.2} seconds", begin.elapsed().as_secs_f64());
    Ok(())
}
