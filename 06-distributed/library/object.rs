//! An object of an S3, read by threads that know nothing of async.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    ops::Range,
    sync::{Arc, LazyLock, mpsc},
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use futures_util::{StreamExt, TryStreamExt};
use lab::{
    s3::{Endpoint, cause},
    threads,
};
use object_store::{
    GetOptions, ObjectMeta, ObjectStore, ObjectStoreExt, aws::AmazonS3, path::Path,
};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::{
    runtime::{Builder, Runtime},
    time::timeout,
};

/// An object, and which version of it the chunks were cut from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Object {
    endpoint: Endpoint,
    bucket: String,
    key: String,
    e_tag: Option<String>,
}

impl Object {
    /// Appends the bytes of that range to `text`, all of them.
    pub fn read(&self, range: Range<u64>, length: u64, text: &mut Vec<u8>) -> Result<()> {
        let store = store(&self.endpoint, &self.bucket)?;
        let (key, e_tag) = (Path::parse(&self.key)?, self.e_tag.clone());
        let bytes = wait(async move {
            let wanted = range.end - range.start;
            let options = GetOptions { range: Some(range.into()), ..Default::default() };
            let got = store.get_opts(&key, options).await.map_err(cause)?;
            let check = |meta: &ObjectMeta| {
                let is_same = meta.size == length && meta.e_tag == e_tag;
                ensure!(is_same, "it is another object than it was: it changes while it is read");
                Ok(())
            };
            check(&got.meta)?;
            // Not `bytes`, which makes room for whatever length the other side says.
            let (mut bytes, mut came, mut stream) = (Vec::new(), 0, got.into_stream());
            loop {
                match stream.try_next().await {
                    Ok(Some(part)) => {
                        came += part.len() as u64;
                        ensure!(came <= wanted, "more than the {wanted} bytes asked for came");
                        bytes.push(part);
                    }
                    Ok(None) => break,
                    Err(error) => {
                        check(&store.head(&key).await.map_err(cause)?)?;
                        return Err(cause(error));
                    }
                }
            }
            ensure!(came == wanted, "{came} of the {wanted} bytes asked for came");
            Ok(bytes)
        })?;
        bytes.iter().for_each(|bytes| text.extend_from_slice(bytes));
        Ok(())
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.key)
    }
}

/// How long a listing may go on without an object.
const PATIENCE: Duration = Duration::from_secs(10);

/// The object of that key, or all objects under that prefix, in the order of their keys, each with its length.
///
/// # Errors
/// If there are none, or they cannot be listed.
pub fn find(endpoint: &Endpoint, bucket: &str, prefix: &str) -> Result<Vec<(Object, u64)>> {
    let store = store(endpoint, bucket)?;
    let path = Path::parse(prefix)?;
    let silent = || format!("no object for {} s", PATIENCE.as_secs());
    let mut found = wait(async move {
        if !path.as_ref().is_empty() {
            match store.head(&path).await {
                Err(object_store::Error::NotFound { .. }) => {}
                head => return Ok(vec![head.map_err(cause)?]),
            }
        }
        let (mut objects, mut keys) = (Vec::new(), HashSet::new());
        let mut listing = store.list(Some(&path));
        while let Some(object) = timeout(PATIENCE, listing.next()).await.with_context(silent)? {
            let object = object.map_err(cause)?;
            let key = object.location.clone();
            ensure!(keys.insert(key), "the listing comes round to {} again", object.location);
            objects.push(object);
        }
        Ok(objects)
    })
    .with_context(|| format!("cannot list s3://{bucket}/{prefix}"))?;
    if found.is_empty() {
        bail!("there are no objects s3://{bucket}/{prefix}");
    }
    found.sort_unstable_by(|one, other| one.location.cmp(&other.location));
    let object = |ObjectMeta { location, size, e_tag, .. }| {
        let (endpoint, bucket, key) = (endpoint.clone(), bucket.to_owned(), location.to_string());
        (Object { endpoint, bucket, key, e_tag }, size)
    };
    Ok(found.into_iter().map(object).collect())
}

/// The client of a bucket: one for all chunks of a process, since it keeps connections.
fn store(endpoint: &Endpoint, bucket: &str) -> Result<Arc<AmazonS3>> {
    type Stores = HashMap<(Endpoint, String), Arc<AmazonS3>>;
    static STORES: LazyLock<Mutex<Stores>> = LazyLock::new(Mutex::default);
    let mut stores = STORES.lock();
    let place = (endpoint.clone(), bucket.to_owned());
    if let Some(store) = stores.get(&place) {
        return Ok(Arc::clone(store));
    }
    let store = Arc::new(endpoint.client(bucket, Duration::from_secs(30))?);
    stores.insert(place, Arc::clone(&store));
    Ok(store)
}

/// Runs `work` on an event loop beside, and waits for it; the calling thread may belong to another.
fn wait<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    static EVENT_LOOP: LazyLock<std::io::Result<Runtime>> = LazyLock::new(|| {
        threads::can_start(3)?;
        Builder::new_multi_thread().worker_threads(2).enable_all().build()
    });
    let event_loop = EVENT_LOOP.as_ref().map_err(|error| anyhow!("no event loop: {error}"))?;
    let (sender, receiver) = mpsc::sync_channel(1);
    event_loop.spawn(async move { _ = sender.send(work.await) });
    receiver.recv().context("the request ended with a panic")?
}
