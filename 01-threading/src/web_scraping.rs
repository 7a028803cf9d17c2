//! Web pages fetched at once, a thread each: the total is the slowest page, not the sum.
//!
//! Ports: approaches slide 3 · techniques slide 3
//! Python → Rust: `requests.get` → `reqwest::blocking::Client::get` · `Thread` → `spawn_scoped`
//!
//! A Python thread that raises prints a traceback, and the program goes on as if all were well. Here
//! a thread's `Result` comes back through `join`: a page that fails is reported with its cause, the
//! others are still fetched, and the exit code tells.
//!
//! Run: `cargo 01-threading web-scraping https://python.org https://pypi.org`, or with no network
//! `cargo 01-threading web-scraping lab:a 'lab:b?fault=reset'` (the faults: `lab/src/site/mod.rs`)
//! The order of the lines may vary.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use reqwest::{Url, blocking::Client};
use tracing::info_span;

/// Web pages fetched at once, a thread each
#[derive(clap::Args)]
pub struct Args {
    /// Pages: URLs, or lab:NAME for a page of the local site
    #[arg(value_parser = lab::site::url, default_values = ["lab:python.org", "lab:pypi.org", "lab:docs.python.org"])]
    urls: Vec<Url>,
    /// Seconds after which a page is given up
    #[arg(long, default_value = "10", value_parser = lab::args::seconds)]
    timeout: f64,
    /// Whose printed lines to use
    #[arg(long, default_value = "approaches")]
    words: Words,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Words {
    Approaches,
    Techniques,
}

pub fn run(args: &Args) -> Result<()> {
    let begin = Instant::now();
    let timeout = Duration::from_secs_f64(args.timeout);
    let client = &Client::builder().timeout(timeout).build()?;
    let results: Vec<Result<()>> = thread::scope(|scope| {
        let start = |url| scope.spawn(move || fetch(client, url, args.words));
        let threads: Vec<_> = args.urls.iter().map(start).collect();
        threads.into_iter().map(|thread| thread.join().expect("fetch does not panic")).collect()
    });
    let total = begin.elapsed().as_secs_f64();
    match args.words {
        Words::Approaches => println!("Total time taken: {total:.2} seconds"),
        Words::Techniques => println!("Total time: {total:.2} seconds"),
    }
    let mut failed = 0;
    for (url, result) in args.urls.iter().zip(results) {
        if let Err(error) = result {
            eprintln!("cannot fetch {url}: {error:#}");
            failed += 1;
        }
    }
    ensure!(failed == 0, "{failed} of {} pages failed", args.urls.len());
    Ok(())
}

fn fetch(client: &Client, url: &Url, words: Words) -> Result<()> {
    let _span = info_span!("fetch", %url).entered();
    let response = client.get(url.clone()).send().map_err(reqwest::Error::without_url)?;
    let status = response.status();
    response.bytes().map_err(reqwest::Error::without_url)?;
    match words {
        Words::Approaches => println!("Fetched {url}, status code: {}", status.as_u16()),
        Words::Techniques => println!("Fetched {url}, status: {}", status.as_u16()),
    }
    ensure!(status.is_success(), "{status}");
    Ok(())
}
