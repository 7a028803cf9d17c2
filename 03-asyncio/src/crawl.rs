//! Ten thousand web pages by one client on one thread, every one of them accounted for.
//!
//! Extends: web-scraping
//! Python → Rust: a session and workers that share an iterator → the same, in an `Arc`
//!
//! The slide starts all fetches together. Here `--concurrency` workers share the URLs: each takes the next one when it
//! is done with its page, which it does not keep. So memory goes with the pages in flight, not with those asked.
//! A page that cannot be had is named with its cause, the others are fetched, and the exit code tells.
//! How one is fetched, when it is tried again and when given up: `crawl/fetch.rs`.
//!
//! Run: `cargo 03-asyncio crawl --pages 10000 --concurrency 1000`, or
//! `cargo 03-asyncio crawl lab:a 'lab:b?fault=503&times=2'` (faults: `lab/src/site/mod.rs`). The lines' order may vary.

mod fetch;
mod report;

use std::{
    iter::Enumerate,
    sync::{Arc, Mutex},
};

use anyhow::{Context, Result};
use lab::site::{Page, Url};
use tokio::task::{self, JoinSet};

use fetch::Fetcher;
use report::Report;

/// Web pages by the thousand, on one thread
#[derive(clap::Args)]
pub struct Args {
    /// Pages: URLs, or lab:NAME for a page of the local site
    #[arg(conflicts_with = "pages")]
    #[arg(default_values = ["lab:python.org", "lab:pypi.org", "lab:docs.python.org", "lab:github.com", "lab:stackoverflow.com"])]
    urls: Vec<Page>,
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
}

pub fn run(args: Args) -> Result<()> {
    lab::site::allow_many_connections().context("cannot raise the limit of open files")?;
    lab::event_loop::run(main(args))
}

/// What the workers share.
struct Job {
    urls: Mutex<Enumerate<Urls>>,
    fetcher: Fetcher,
    report: Mutex<Report>,
}

type Urls = Box<dyn Iterator<Item = Url> + Send>;

async fn main(args: Args) -> Result<()> {
    let job = Arc::new(Job {
        urls: Mutex::new(urls(&args)?.enumerate()),
        fetcher: Fetcher::new(args.limits, args.pages.is_some())?,
        report: Mutex::new(Report::new(args.pages.is_none())),
    });
    let mut workers = JoinSet::new();
    for _ in 0..args.concurrency {
        workers.spawn(work(Arc::clone(&job)));
    }
    workers.join_all().await;
    job.report.lock().expect("no worker panics").end()
}

/// Takes one URL after another until none is left.
async fn work(job: Arc<Job>) {
    let next = || job.urls.lock().expect("no worker panics").next();
    while let Some((number, url)) = next() {
        let characters = job.fetcher.fetch(number, &url).await;
        job.report.lock().expect("no worker panics").add(&url, characters);
        // The client gets the page's connection back first, or else it would open a second one.
        task::yield_now().await;
    }
}

/// The URLs given, or else those of numbered pages, each made when its turn comes.
fn urls(args: &Args) -> Result<Urls> {
    let Some(pages) = args.pages else {
        let urls = args.urls.iter().map(Page::url).collect::<Result<Vec<_>>>()?;
        return Ok(Box::new(urls.into_iter()));
    };
    let mut url = Page::Local(format!("?{}", args.query)).url()?;
    Ok(Box::new((1..=pages).map(move |number| {
        url.set_path(&number.to_string());
        url.clone()
    })))
}
