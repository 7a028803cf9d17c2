//! A client of any S3, by default of the local bucket.

mod modest;

use std::{
    env,
    fs::File,
    io::{self, Write},
    time::Duration,
};

use anyhow::{Result, anyhow};
use object_store::{
    BackoffConfig, ClientOptions, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
};
use serde::{Deserialize, Serialize};
pub use url::Url;

use crate::{
    bucket::{self, Bucket},
    root_cause, tls,
};

/// Which bucket of which S3: what every example of S3 can be told.
#[derive(clap::Args)]
pub struct Connection {
    /// Any S3: its URL, and AWS_ACCESS_KEY_ID and the like [default: a local bucket]
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<Url>,
    /// The bucket
    #[arg(long, default_value = bucket::NAME)]
    pub bucket: String,
}

impl Connection {
    /// A client of it, and the local bucket if it is that one, which ends when it is dropped.
    ///
    /// # Errors
    /// As [`Endpoint::find`] and [`Endpoint::client`].
    pub fn client(&self) -> Result<(AmazonS3, Option<Bucket>)> {
        let (endpoint, local) = Endpoint::find(self.endpoint.as_ref())?;
        Ok((endpoint.client(&self.bucket, Duration::from_secs(30))?, local))
    }
}

/// Where an S3 is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Endpoint {
    /// At this address, with what `AWS_ACCESS_KEY_ID` and the like say.
    Any(String),
    /// The local one, at this address.
    Local(String),
}

impl Endpoint {
    /// The one at `url`; without it the local one, at the address in `LAB_S3` or started now.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn find(url: Option<&Url>) -> Result<(Self, Option<Bucket>)> {
        if let Some(url) = url {
            return Ok((Self::Any(url.as_str().trim_end_matches('/').into()), None));
        }
        if let Ok(address) = env::var("LAB_S3") {
            return Ok((Self::Local(address), None));
        }
        let bucket = Bucket::start()?;
        Ok((Self::Local(bucket.base().into()), Some(bucket)))
    }

    /// A client of a bucket there, which gives up a connection after so long a silence.
    ///
    /// # Errors
    /// If `AWS_ACCESS_KEY_ID` and the like do not make sense.
    pub fn client(&self, bucket: &str, silence: Duration) -> Result<AmazonS3> {
        tls::use_ring();
        let builder = match self {
            Self::Any(address) => AmazonS3Builder::from_env().with_endpoint(address),
            Self::Local(address) => AmazonS3Builder::new()
                .with_endpoint(address)
                .with_access_key_id(bucket::ACCESS_KEY)
                .with_secret_access_key(bucket::SECRET_KEY),
        };
        let options = ClientOptions::new()
            .with_allow_http(true)
            .with_connect_timeout(Duration::from_secs(5))
            .with_read_timeout(silence)
            // That would be for the whole transfer, and nobody knows how large the object is.
            .with_timeout_disabled();
        let (init_backoff, max_backoff) = (Duration::from_millis(100), Duration::from_secs(1));
        builder
            .with_bucket_name(bucket)
            .with_http_connector(modest::Modest)
            .with_client_options(options)
            .with_retry(RetryConfig {
                backoff: BackoffConfig { init_backoff, max_backoff, base: 2.0 },
                max_retries: 3,
                retry_timeout: Duration::from_secs(60),
            })
            .build()
            .map_err(cause)
    }
}

/// The [`root_cause`] of an error, in S3's own words if there are any.
pub fn cause(error: impl Into<anyhow::Error>) -> anyhow::Error {
    let text = root_cause(error).to_string();
    let tag = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        Some(rest.split_once("</")?.0)
    };
    match (tag("Code"), tag("Message")) {
        (Some(code), Some(message)) => anyhow!("{code}: {message}"),
        (Some(code), None) => anyhow!("{code}"),
        _ => anyhow!(text),
    }
}

/// A file of so many bytes that has no name, so that it is gone when this process is. `/proc/self/fd/N` opens it anew.
///
/// # Errors
/// If it cannot be written.
pub fn made_file(size: u64) -> io::Result<File> {
    let lines = b"a line of a file that goes to S3\n".repeat(1 << 15);
    let mut file = tempfile::tempfile()?;
    let mut rest = size;
    while rest > 0 {
        let length = rest.min(lines.len() as u64);
        file.write_all(&lines[..length as usize])?;
        rest -= length;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::in_time;

    #[test]
    fn the_cause_is_in_the_words_of_s3_if_it_has_any() {
        let said = |text: &'static str| cause(anyhow!(text).context("in vain")).to_string();
        let (code, message) = ("<Code>NoSuchKey</Code>", "<Message>not there</Message>");
        assert_eq!(said("other words"), "other words");
        assert_eq!(said(code), "NoSuchKey");
        let both = cause(anyhow!("404: <Error>{code}{message}</Error>")).to_string();
        assert_eq!(both, "NoSuchKey: not there");
    }

    #[test]
    fn a_made_file_is_as_long_as_asked() -> io::Result<()> {
        in_time(|| {
            for size in [0, 1, 1 << 20, 3_000_000] {
                assert_eq!(made_file(size)?.metadata()?.len(), size);
            }
            Ok(())
        })
    }
}
