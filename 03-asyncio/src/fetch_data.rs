//! Simulated fetches run at once, and their results come in the order asked.
//!
//! Ports: techniques slide 8 · slideshow slide 7
//! Python → Rust: `asyncio.gather(*tasks)` → `futures_util::future::try_join_all`
//!
//! No `tokio::spawn` here: the futures are parts of `main`'s, which polls whichever can go on. So
//! they may borrow from `main`, which tasks may not, and they end with it: when one fails, `try_join_all`
//! returns its error and drops the others. The price: on `multi_thread` they would still share the
//! thread of `main`, where tasks would spread over all.
//!
//! Run: `cargo 03-asyncio fetch-data http://a.example http://b.example --words slideshow`

use anyhow::Result;
use futures_util::future::try_join_all;
use tracing::instrument;

/// Simulated fetches, results in the order asked
#[derive(clap::Args)]
pub struct Args {
    /// What to fetch; nothing is really asked of it
    #[arg(default_values = ["http://example.com", "http://example.org", "http://example.net"])]
    urls: Vec<String>,
    /// Whose printed lines to use
    #[arg(long, default_value = "techniques")]
    words: Words,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Words {
    Techniques,
    Slideshow,
}

pub fn run(args: &Args) -> Result<()> {
    lab::event_loop::run(main(args))
}

async fn main(args: &Args) -> Result<()> {
    let fetches = args.urls.iter().map(|url| fetch_data(url, args.words));
    let results = try_join_all(fetches).await?;
    match args.words {
        Words::Techniques => println!("['{}']", results.join("', '")),
        Words::Slideshow => results.iter().for_each(|result| println!("{result}")),
    }
    Ok(())
}

#[instrument(skip(words))]
async fn fetch_data(url: &str, words: Words) -> Result<String> {
    match words {
        Words::Techniques => println!("Start fetching {url}"),
        Words::Slideshow => println!("Fetching data from {url}"),
    }
    tokio::time::sleep(lab::seconds(2.0)).await;
    if let Words::Techniques = words {
        println!("Finished fetching {url}");
    }
    Ok(format!("Data from {url}"))
}
