//! One page: with time-outs, with new tries where they may help, and never too much of it.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use backon::{ExponentialBuilder, Retryable};
use lab::site::Url;
use reqwest::{Client, Error, Response};
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

/// One client for all pages: it keeps connections open and uses them again.
pub struct Fetcher {
    client: Client,
    limits: Limits,
}

impl Fetcher {
    /// `local` pages are fetched without asking the environment for a proxy, as aiohttp fetches all.
    pub fn new(limits: Limits, local: bool) -> Result<Self> {
        let connect_timeout = Duration::from_secs_f64(limits.connect_timeout);
        let client = Client::builder().connect_timeout(connect_timeout);
        let client = if local { client.no_proxy() } else { client }.build()?;
        Ok(Self { client, limits })
    }

    /// Fetches page `number` in at most `timeout` seconds and gives its length: UTF-8 characters, as Python counts
    /// them. The page itself is not kept.
    ///
    /// Pauses between the tries for 0.1 s, 0.2 s, 0.4 s and so on, each made longer by up to as much again, and not
    /// alike for any two pages: what failed together shall not come back together.
    #[instrument(skip_all, fields(%url))]
    pub async fn fetch(&self, number: usize, url: &Url) -> Result<usize> {
        let Limits { timeout, retries, seed, .. } = self.limits;
        let pauses = ExponentialBuilder::new()
            .with_min_delay(lab::seconds(0.1))
            .with_max_times(retries.into())
            .with_jitter()
            .with_jitter_seed(seed.wrapping_add(number as u64));
        let tries = (|| self.try_once(url)).retry(pauses).when(may_pass);
        tokio::time::timeout(Duration::from_secs_f64(timeout), tries)
            .await
            .unwrap_or_else(|_| bail!("not there after {timeout} s"))
    }

    async fn try_once(&self, url: &Url) -> Result<usize> {
        let max_size = self.limits.max_size;
        let response = self.client.get(url.clone()).send().await;
        let response = response.and_then(Response::error_for_status);
        let mut response = response.map_err(Error::without_url)?;
        let announced = response.content_length().unwrap_or(0);
        ensure!(announced <= max_size, "{announced} bytes, more than {max_size}");
        let (mut size, mut length) = (0, 0);
        while let Some(chunk) = response.chunk().await.map_err(Error::without_url)? {
            size += chunk.len() as u64;
            ensure!(size <= max_size, "more than {max_size} bytes");
            length += characters(&chunk);
        }
        Ok(length)
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
fn may_pass(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Error>().is_some_and(|error| match error.status() {
        Some(status) => matches!(status.as_u16(), 429 | 502 | 503 | 504),
        None => !error.is_redirect(),
    })
}
