//! All objects of the bucket, and the S3 operations on them, as far as the lessons use them.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

use s3s::{
    S3, S3Request, S3Response, S3Result,
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
        CompleteMultipartUploadOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput,
        ETag, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput,
        ListObjectsV2Input, ListObjectsV2Output, Metadata, PutObjectInput, PutObjectOutput,
        UploadPartInput, UploadPartOutput,
    },
    s3_error,
};

use super::{
    made::{self, Kind},
    names::{CHECKSUM, NAME},
    object::{Content, Incoming, Object, Part, receive},
};

/// How many objects are listed at a time.
const LISTED: i32 = 1000;

/// All that the endpoint has.
#[derive(Default)]
pub(super) struct Objects {
    stored: Mutex<HashMap<String, Object>>,
    uploads: Mutex<HashMap<String, Upload>>,
    upload_ids: AtomicU64,
    /// The keys of made objects that were sent before.
    sent: Mutex<HashSet<String>>,
}

/// A multipart upload that is not complete yet.
struct Upload {
    metadata: Option<Metadata>,
    parts: BTreeMap<i32, Part>,
}

impl Objects {
    /// Puts an object as a request would.
    pub(super) fn put(&self, key: &str, text: &str) -> io::Result<()> {
        let mut incoming = Incoming::new();
        incoming.add(text.as_bytes())?;
        self.store(key.into(), vec![incoming.complete()], None);
        Ok(())
    }

    fn store(&self, key: String, parts: Vec<Part>, metadata: Option<Metadata>) -> String {
        let e_tag = match &parts[..] {
            [part] => part.e_tag(),
            parts => {
                format!("{}-{}", parts.last().map(Part::e_tag).unwrap_or_default(), parts.len())
            }
        };
        let size = parts.iter().map(|part| part.size).sum();
        let content = Content::Parts(parts.into());
        let object = Object { content, size, e_tag: e_tag.clone(), metadata, is_cut: false };
        lock(&self.stored).insert(key, object);
        e_tag
    }

    /// The object of that key; `sending` it makes the first time of some made ones.
    fn object(&self, bucket: &str, key: &str, sending: bool) -> S3Result<Object> {
        check(bucket)?;
        let Some((kind, size)) = made::parse(key) else {
            let object = lock(&self.stored).get(key).cloned();
            return object.ok_or_else(|| s3_error!(NoSuchKey, "there is no such key"));
        };
        let mut sent = lock(&self.sent);
        let again = sent.contains(key) || (sending && !sent.insert(key.into()));
        let another = kind == Kind::Changed && again;
        let checksum = made::checksum(size) ^ u64::from(another || kind == Kind::Corrupt);
        let checksum = format!("{checksum:016x}");
        Ok(Object {
            content: Content::Made,
            size,
            e_tag: checksum.clone(),
            metadata: Some([(CHECKSUM.into(), checksum)].into()),
            is_cut: match kind {
                Kind::Cut => true,
                Kind::Flaky | Kind::Changed => !again,
                Kind::Made | Kind::Corrupt => false,
            },
        })
    }
}

#[async_trait::async_trait]
impl S3 for Objects {
    async fn head_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let HeadObjectInput { bucket, key, .. } = request.input;
        let object = self.object(&bucket, &key, false)?;
        Ok(S3Response::new(HeadObjectOutput {
            content_length: Some(object.size.cast_signed()),
            e_tag: Some(ETag::Strong(object.e_tag)),
            metadata: object.metadata,
            ..Default::default()
        }))
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let input = request.input;
        check(&input.bucket)?;
        let prefix = input.prefix.unwrap_or_default();
        let after = input.continuation_token.or(input.start_after).unwrap_or_default();
        let limit = input.max_keys.unwrap_or(LISTED).clamp(1, LISTED) as usize;
        let stored = lock(&self.stored);
        let is_listed = |(key, _): &(&String, _)| key.starts_with(&prefix) && **key > after;
        let mut found: Vec<_> = stored.iter().filter(is_listed).collect();
        found.sort_unstable_by_key(|(key, _)| *key);
        let is_truncated = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| is_truncated).map(|(key, _)| key.to_string());
        let entry = |(key, object): (&String, &Object)| s3s::dto::Object {
            key: Some(key.clone()),
            size: Some(object.size.cast_signed()),
            e_tag: Some(ETag::Strong(object.e_tag.clone())),
            last_modified: Some(SystemTime::UNIX_EPOCH.into()),
            ..Default::default()
        };
        Ok(S3Response::new(ListObjectsV2Output {
            contents: Some(found.into_iter().map(entry).collect()),
            is_truncated: Some(is_truncated),
            next_continuation_token: next,
            ..Default::default()
        }))
    }

    async fn get_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let GetObjectInput { bucket, key, range: asked, .. } = request.input;
        let object = self.object(&bucket, &key, true)?;
        let range = asked.map_or(Ok(0..object.size), |range| range.check(object.size))?;
        let (first, end) = (range.start, range.end);
        Ok(S3Response::new(GetObjectOutput {
            content_length: Some((end - first).cast_signed()),
            content_range: asked.map(|_| format!("bytes {first}-{}/{}", end - 1, object.size)),
            e_tag: Some(ETag::Strong(object.e_tag.clone())),
            metadata: object.metadata.clone(),
            body: Some(object.body(range)),
            ..Default::default()
        }))
    }

    async fn put_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let PutObjectInput { bucket, key, body, metadata, .. } = request.input;
        check(&bucket)?;
        let part = receive(body).await?;
        let e_tag = Some(ETag::Strong(self.store(key, vec![part], metadata)));
        Ok(S3Response::new(PutObjectOutput { e_tag, ..Default::default() }))
    }

    async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let CreateMultipartUploadInput { bucket, key, metadata, .. } = request.input;
        check(&bucket)?;
        let id = self.upload_ids.fetch_add(1, Ordering::Relaxed).to_string();
        lock(&self.uploads).insert(id.clone(), Upload { metadata, parts: BTreeMap::new() });
        Ok(S3Response::new(CreateMultipartUploadOutput {
            bucket: Some(bucket),
            key: Some(key),
            upload_id: Some(id),
            ..Default::default()
        }))
    }

    async fn upload_part(
        &self,
        request: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        let UploadPartInput { upload_id, part_number, body, .. } = request.input;
        let part = receive(body).await?;
        let e_tag = Some(ETag::Strong(part.e_tag()));
        let mut uploads = lock(&self.uploads);
        let upload = uploads.get_mut(&upload_id).ok_or_else(|| s3_error!(NoSuchUpload))?;
        upload.parts.insert(part_number, part);
        Ok(S3Response::new(UploadPartOutput { e_tag, ..Default::default() }))
    }

    async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let CompleteMultipartUploadInput { bucket, key, upload_id, .. } = request.input;
        let upload = lock(&self.uploads).remove(&upload_id);
        let Upload { metadata, parts } = upload.ok_or_else(|| s3_error!(NoSuchUpload))?;
        let e_tag = self.store(key.clone(), parts.into_values().collect(), metadata);
        Ok(S3Response::new(CompleteMultipartUploadOutput {
            bucket: Some(bucket),
            key: Some(key),
            e_tag: Some(ETag::Strong(e_tag)),
            ..Default::default()
        }))
    }

    async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        lock(&self.uploads).remove(&request.input.upload_id);
        Ok(S3Response::new(AbortMultipartUploadOutput::default()))
    }
}

fn check(bucket: &str) -> S3Result<()> {
    if bucket == NAME { Ok(()) } else { Err(s3_error!(NoSuchBucket, "there is only {NAME}")) }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
