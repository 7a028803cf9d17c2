//! What is counted, for the examples that count text of any kind: their arguments, and its chunks.

use anyhow::Result;
use counting::Chunk;
use lab::{
    bucket::Bucket,
    s3::{Endpoint, Url},
};

#[derive(clap::Args)]
pub struct Text {
    /// Files, folders and s3://BUCKET/PREFIX [default: generated text]
    inputs: Vec<String>,
    /// Bytes of the generated text
    #[arg(long, default_value = "67108864", conflicts_with = "inputs", value_parser = clap::value_parser!(u64).range(..=1 << 40))]
    size: u64,
    /// Bytes of a chunk
    #[arg(long, default_value = "1048576", value_parser = clap::value_parser!(u64).range(1..=1 << 30))]
    chunk: u64,
    /// For s3://, any S3: its URL, and AWS_ACCESS_KEY_ID and the like [default: a local bucket]
    #[arg(long, value_name = "URL")]
    endpoint: Option<Url>,
}

impl Text {
    /// Its chunks, and the local bucket in which they may be, which ends when it is dropped.
    ///
    /// # Errors
    /// If one of the inputs is not there or cannot be read.
    pub fn chunks(mut self) -> Result<(Vec<Chunk>, Option<Bucket>)> {
        if self.inputs.is_empty() {
            self.inputs.push(lab::text::file(self.size)?.to_string_lossy().into_owned());
        }
        let (mut s3, mut bucket) = (None, None);
        if self.inputs.iter().any(|input| input.starts_with("s3://")) {
            let (endpoint, started) = Endpoint::find(self.endpoint.as_ref())?;
            (s3, bucket) = (Some(endpoint), started);
        }
        Ok((counting::chunks(&self.inputs, s3.as_ref(), self.chunk)?, bucket))
    }
}
