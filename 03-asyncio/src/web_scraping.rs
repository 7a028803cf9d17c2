//! Web pages fetched at once by one client on one thread: five of them, or ten thousand.
//!
//! Ports: approaches slide 10 · techniques slide 10 · slideshow slide 13
//! Python → Rust: `aiohttp.ClientSession` → `reqwest::Client` · `asyncio.gather` → `buffered` for the
//! order asked, `buffer_unordered` for pages as they finish
//!
//! The slides start all fetches together. A stream keeps `--concurrency` of them in flight, and takes
//! the next URL when one is done; no page is kept: memory goes with the pages in flight, not with
//! those asked. Each fetch is a task, so that on `multi_thread` they would spread over all cores.
//! How one page is fetched, when it is tried again and when given up: `web_scraping/fetch.rs`.
//!
//! Run: `cargo 03-asyncio web-scraping https://python.org https://pypi.org`, with no network
//! `cargo 03-asyncio web-scraping lab:a 'lab:b?fault=503&times=2'` (the faults: `lab/src/site/mod.rs`),
//! or `cargo 03-asyncio web-scraping --pages 10000 --concurrency 1000`
//! The order of the lines may vary, but under `--words techniques`, where it is the order asked.

mod fetch;

use std::{sync::Arc, time::Instant};

use anyhow::{Context, Error, Result, ensure};
use futures_util::stream::{self, StreamExt};
use reqwest::Url;

use fetch::Fetcher;

/// Web pages fetched at once, on one thread
#[derive(clap::Args)]
pub struct Args {
    /// Pages: URLs, or lab:NAME for a page of the local site
    #[arg(value_parser = lab::site::url, conflicts_with = "pages")]
    #[arg(default_values = ["lab:python.org", "lab:pypi.org", "lab:docs.python.org", "lab:github.com", "lab:stackoverflow.com"])]
    urls: Vec<Url>,
    /// So many pages of the local site, summed up in one line
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pages: Option<u64>,
    /// Query of each of these, as in latency=0
    #[arg(long, requires = "pages", default_value = "")]
    query: String,
    /// Pages in flight at once
    #[arg(long, default_value = "100", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    concurrency: u16,
    #[command(flatten)]
    limits: fetch::Limits,
    /// Whose printed lines to use
    #[arg(long, default_value = "approaches")]
    words: Words,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Words {
    Approaches,
    Techniques,
    Slideshow,
}

pub fn run(args: &Args) -> Result<()> {
    lab::site::allow_many_connections().context("cannot raise the limit of open files")?;
    lab::event_loop::run(main(args))
}

async fn main(args: &Args) -> Result<()> {
    let begin = Instant::now();
    let fetcher = Arc::new(Fetcher::new(args.limits)?);
    let fetches = stream::iter(urls(args)?).map(|url| {
        let fetcher = Arc::clone(&fetcher);
        tokio::spawn(async move { (fetcher.fetch(&url).await, url) })
    });
    let mut results = match args.words {
        Words::Techniques => fetches.buffered(args.concurrency.into()).left_stream(),
        _ => fetches.buffer_unordered(args.concurrency.into()).right_stream(),
    };
    let (mut fetched, mut failed, mut characters) = (0_u64, 0_u64, 0);
    while let Some(done) = results.next().await {
        let (page, url) = done?;
        match page.and_then(|page| report(&url, page, args)) {
            Ok(page) => (fetched, characters) = (fetched + 1, characters + page.characters),
            Err(error) => {
                failed += 1;
                eprintln!("cannot fetch {url}: {error:#}");
            }
        }
    }
    let total = begin.elapsed().as_secs_f64();
    match args.pages {
        Some(asked) => println!(
            "{asked} pages asked: {fetched} fetched, {failed} failed, {characters} characters"
        ),
        None if args.words == Words::Approaches => println!("Total time taken: {total:.2} seconds"),
        None => {}
    }
    ensure!(failed == 0, "{failed} of {} pages failed", fetched + failed);
    Ok(())
}

/// The URLs given, or else those of numbered pages, each made when its turn comes.
fn urls(args: &Args) -> Result<Box<dyn Iterator<Item = Url> + '_>> {
    let Some(pages) = args.pages else { return Ok(Box::new(args.urls.iter().cloned())) };
    let mut url = lab::site::url(&format!("lab:?{}", args.query)).map_err(Error::msg)?;
    Ok(Box::new((1..=pages).map(move |number| {
        url.set_path(&number.to_string());
        url.clone()
    })))
}

/// Prints the page's line, if it is to have one; an answer that is no page is an error.
fn report(url: &Url, page: fetch::Page, args: &Args) -> Result<fetch::Page> {
    let fetch::Page { status, characters } = page;
    match args.words {
        _ if args.pages.is_some() => {}
        Words::Approaches => println!("Fetched {url}, status code: {}", status.as_u16()),
        _ if !status.is_success() => {}
        Words::Techniques => println!("{url}: {characters} characters"),
        Words::Slideshow => println!("Fetched {url}: {characters} characters"),
    }
    ensure!(status.is_success(), "{status}");
    Ok(page)
}
