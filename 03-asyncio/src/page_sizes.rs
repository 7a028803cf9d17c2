//! How long web pages are, all fetched at once: told in the order asked, or as they come.
//!
//! Ports: techniques slide 10 · slideshow slide 13
//! Python → Rust: `asyncio.gather` → `try_join_all` · `asyncio.as_completed` → `FuturesUnordered`
//!
//! `try_join_all` has nothing to tell before the slowest page is there. `FuturesUnordered` gives each as soon as it
//! is done. Both hold all pages at once, where `crawl` keeps none.
//!
//! Run: `cargo 03-asyncio page-sizes 'lab:slow?latency=2' lab:fast`, then with `--as-completed`
//! With it, the order of the lines may vary.

use anyhow::Result;
use futures_util::{StreamExt, future::try_join_all, stream::FuturesUnordered};
use lab::site::{Page, Url};
use reqwest::Client;
use tracing::instrument;

#[instrument(skip_all, fields(%url))]
async fn fetch_url(session: &Client, url: Url) -> Result<(Url, String)> {
    let response = session.get(url.clone()).send().await?;
    Ok((url, response.text().await?))
}

/// How long web pages are, in the order asked or as they come
#[derive(clap::Args)]
pub struct Args {
    /// URLs, or lab:NAME for a page of the local site
    #[arg(default_values = ["lab:www.example.com", "lab:www.example.org", "lab:www.example.net"])]
    urls: Vec<Page>,
    /// Print each as soon as it is there
    #[arg(long)]
    as_completed: bool,
}

#[tokio::main(flavor = "current_thread")]
pub async fn run(args: Args) -> Result<()> {
    let session = Client::new();
    let mut fetches = Vec::new();
    for page in args.urls {
        fetches.push(fetch_url(&session, page.url()?));
    }
    if args.as_completed {
        let mut fetches = FuturesUnordered::from_iter(fetches);
        while let Some(fetched) = fetches.next().await {
            let (url, html) = fetched?;
            println!("{url}: {} characters", html.chars().count()); // `len` would be bytes
        }
    } else {
        for (url, html) in try_join_all(fetches).await? {
            println!("{url}: {} characters", html.chars().count());
        }
    }
    Ok(())
}
