//! One page: with time-outs, with new tries where they may help, and never too much of it.

use std::{sync::Mutex, time::Duration};

use anyhow::{Result, bail, ensure};
use fastrand::Rng;
use reqwest::{Client, Error, StatusCode, Url};
use tracing::instrument;

#[derive(Clone, Copy, clap::Args)]
pub struct Limits {
    /// Seconds after which a connection that does not come about is given up
    #[arg(long, default_value = "5", value_parser = lab::args::seconds)]
    connect_timeout: f64,
    /// Seconds after which a page is given up, all its tries included
    #[arg(long, default_value = "10", value_parser = lab::args::seconds)]
    timeout: f64,
    /// How often a page is tried again
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u8).range(0..=10))]
    retries: u8,
    /// Seed of the random part of the pauses between tries
    #[arg(long, default_value = "1")]
    seed: u64,
    /// Bytes above which a page is given up
    #[arg(long, default_value = "10485760", value_parser = clap::value_parser!(u64).range(1..))]
    max_size: u64,
}

/// What came of a page. The text itself is not kept.
pub struct Page {
    pub status: StatusCode,
    /// UTF-8 characters, as Python counts the length of a text.
    pub characters: usize,
}

/// One client for all pages: it keeps connections open and uses them again.
pub struct Fetcher {
    client: Client,
    limits: Limits,
    random: Mutex<Rng>,
}

impl Fetcher {
    /// `local` pages are fetched without asking the environment for a proxy, as aiohttp fetches all.
    pub fn new(limits: Limits, local: bool) -> Result<Self> {
        let connect_timeout = Duration::from_secs_f64(limits.connect_timeout);
        let client = Client::builder().connect_timeout(connect_timeout);
        let client = if local { client.no_proxy() } else { client }.build()?;
        Ok(Self { client, limits, random: Mutex::new(Rng::with_seed(limits.seed)) })
    }

    /// Fetches a page, at most `timeout` seconds long.
    #[instrument(skip_all, fields(%url))]
    pub async fn fetch(&self, url: &Url) -> Result<Page> {
        let Limits { timeout, .. } = self.limits;
        tokio::time::timeout(Duration::from_secs_f64(timeout), self.try_often(url))
            .await
            .unwrap_or_else(|_| bail!("not there after {timeout} s"))
    }

    /// Pauses between the tries for 0.1 s, 0.2 s, 0.4 s and so on, each shortened by up to a half:
    /// clients that failed together shall not come back together.
    async fn try_often(&self, url: &Url) -> Result<Page> {
        for retry in 0..self.limits.retries {
            let page = self.try_once(url).await;
            if !may_pass(&page) {
                return page;
            }
            let random = super::lock(&self.random).f64();
            let pause = 0.1 * f64::from(1 << retry) * random.midpoint(1.0);
            tokio::time::sleep(lab::seconds(pause)).await;
        }
        self.try_once(url).await
    }

    async fn try_once(&self, url: &Url) -> Result<Page> {
        let max_size = self.limits.max_size;
        let mut response = self.client.get(url.clone()).send().await.map_err(Error::without_url)?;
        let announced = response.content_length().unwrap_or(0);
        ensure!(announced <= max_size, "{announced} bytes, more than {max_size}");
        let mut page = Page { status: response.status(), characters: 0 };
        let mut size = 0;
        while let Some(chunk) = response.chunk().await.map_err(Error::without_url)? {
            size += chunk.len() as u64;
            ensure!(size <= max_size, "more than {max_size} bytes");
            page.characters += characters(&chunk);
        }
        Ok(page)
    }
}

/// UTF-8 characters: as many as there are bytes that do not go on with one (RFC 3629). Counted in
/// pieces whose sum fits into a byte, of whole registers: the processor adds many bytes at once, but
/// few larger numbers.
fn characters(text: &[u8]) -> usize {
    let begins = |byte: &u8| u8::from(byte & 0xC0 != 0x80);
    text.chunks(224).map(|piece| usize::from(piece.iter().map(begins).sum::<u8>())).sum()
}

/// Whether another try may help: after a connection refused, reset or cut off, and where the server
/// says that it is busy. Not after 404, a redirect in circles, or a page that is too large.
fn may_pass(page: &Result<Page>) -> bool {
    match page {
        Ok(page) => matches!(page.status.as_u16(), 429 | 502 | 503 | 504),
        Err(error) => error.downcast_ref().is_some_and(|error: &Error| !error.is_redirect()),
    }
}
