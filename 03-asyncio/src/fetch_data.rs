//! Simulated fetches run at once, and their results come in the order asked.
//!
//! Ports: techniques slide 8 · slideshow slide 7
//! Python → Rust: `asyncio.gather(*tasks)` → `futures_util::future::join_all`
//!
//! `join_all` is `join!` for a list. There is no task here but the function itself: the futures are parts of its own,
//! and so may borrow the URLs, which a spawned task could not (`tests/refused/borrowing_task.rs`).
//!
//! Run: `cargo 03-asyncio fetch-data http://a.example http://b.example --each`

use anyhow::Result;
use futures_util::future::join_all;
use tracing::instrument;

#[instrument]
async fn fetch_data(url: &str) -> String {
    println!("Start fetching {url}");
    tokio::time::sleep(lab::seconds(2.0)).await;
    println!("Finished fetching {url}");
    format!("Data from {url}")
}

/// Simulated fetches, results in the order asked
#[derive(clap::Args)]
pub struct Args {
    /// What to fetch; nothing is really asked of it
    #[arg(default_values = ["http://example.com", "http://example.org", "http://example.net"])]
    urls: Vec<String>,
    /// Print each result on a line of its own
    #[arg(long)]
    each: bool,
}

#[tokio::main(flavor = "current_thread")]
pub async fn run(args: Args) -> Result<()> {
    let mut fetches = Vec::new();
    for url in &args.urls {
        fetches.push(fetch_data(url));
    }
    let results = join_all(fetches).await;
    if args.each {
        for result in results {
            println!("{result}");
        }
    } else {
        // As Python prints a list; Rust's own `{results:?}` has double quotes.
        println!("['{}']", results.join("', '"));
    }
    Ok(())
}
