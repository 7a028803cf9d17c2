//! Web pages fetched at once by one client on one thread: five of them, or ten thousand.
//!
//! Ports: approaches slide 10 · techniques slide 10 · slideshow slide 13
//! Python → Rust: `aiohttp.ClientSession` → `reqwest::Client` · `asyncio.gather` → `JoinSet::join_all`
//!
//! The slides start all fetches together. Here `--concurrency` workers share the URLs: each takes the
//! next one when it is done with its page, which it does not keep. So memory goes with the pages in
//! flight, not with those asked. Workers are tasks: on `multi_thread` they would spread over all cores.
//! How one page is fetched, when it is tried again and when given up: `web_scraping/fetch.rs`.
//!
//! Run: `cargo 03-asyncio web-scraping https://python.org https://pypi.org`, with no network
//! `cargo 03-asyncio web-scraping lab:a 'lab:b?fault=503&times=2'` (the faults: `lab/src/site/mod.rs`),
//! or `cargo 03-asyncio web-scraping --pages 10000 --concurrency 1000`
//! The order of the lines may vary, but under `--words techniques`, where it is the order asked.

mod fetch;
mod report;

use std::{
    iter::Enumerate,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use anyhow::{Context, Error, Result};
use reqwest::Url;
use tokio::task::{self, JoinSet};

use fetch::Fetcher;
use report::{Report, Words};

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

pub fn run(args: &Args) -> Result<()> {
    lab::site::allow_many_connections().context("cannot raise the limit of open files")?;
    lab::event_loop::run(main(args))
}

/// What the workers share.
struct Job {
    fetcher: Fetcher,
    urls: Mutex<Enumerate<Urls>>,
    report: Mutex<Report>,
}

type Urls = Box<dyn Iterator<Item = Url> + Send>;

async fn main(args: &Args) -> Result<()> {
    let begin = Instant::now();
    let job = Arc::new(Job {
        fetcher: Fetcher::new(args.limits, args.pages.is_some())?,
        urls: Mutex::new(urls(args)?.enumerate()),
        report: Mutex::new(Report::new(args.words, args.pages)),
    });
    let workers: JoinSet<_> = (0..args.concurrency).map(|_| work(Arc::clone(&job))).collect();
    workers.join_all().await;
    lock(&job.report).end(begin.elapsed().as_secs_f64())
}

/// Takes one URL after another until none is left.
async fn work(job: Arc<Job>) {
    let next = || lock(&job.urls).next();
    while let Some((place, url)) = next() {
        let page = job.fetcher.fetch(&url).await;
        lock(&job.report).add(place, &url, page);
        // The client gets the page's connection back first, or else it would open a second one.
        task::yield_now().await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The URLs given, or else those of numbered pages, each made when its turn comes.
fn urls(args: &Args) -> Result<Urls> {
    let Some(pages) = args.pages else { return Ok(Box::new(args.urls.clone().into_iter())) };
    let mut url = lab::site::url(&format!("lab:?{}", args.query)).map_err(Error::msg)?;
    Ok(Box::new((1..=pages).map(move |number| {
        url.set_path(&number.to_string());
        url.clone()
    })))
}
