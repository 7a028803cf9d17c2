//! The local bucket is an S3: what is put comes back, is listed, and each fault is what it is called.
#![cfg(feature = "s3")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use lab::{
    bucket::{CHECKSUM, NAME},
    in_time,
    s3::Endpoint,
};
use object_store::{
    Attribute, Attributes, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt,
    aws::AmazonS3,
    list::{PaginatedListOptions, PaginatedListStore},
    path::Path,
    signer::Signer,
};
use reqwest::Method;
use tokio::runtime::Builder;
use url::Position;

/// The program `lab`, with site and bucket.
struct Lab {
    child: Child,
    stdin: Option<ChildStdin>,
    addresses: String,
}

impl Lab {
    fn start() -> Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        command.arg("--until-eof").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("cannot start lab")?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let mut addresses = String::new();
        BufReader::new(stdout.context("no output")?).read_line(&mut addresses)?;
        Ok(Self { child, stdin, addresses })
    }

    fn address(&self, name: &str) -> Result<&str> {
        let entry = self.addresses.split_whitespace().find_map(|entry| entry.strip_prefix(name));
        entry.with_context(|| format!("no {name} in {:?}", self.addresses))
    }

    fn client(&self) -> Result<AmazonS3> {
        let endpoint = Endpoint::Local(self.address("LAB_S3=")?.into());
        endpoint.client(NAME, Duration::from_secs(10))
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.wait();
    }
}

/// Runs `test` with a client of a new bucket.
fn with_bucket(test: impl AsyncFnOnce(&AmazonS3) -> Result<()> + Send + 'static) -> Result<()> {
    in_time(|| {
        let lab = Lab::start()?;
        let client = lab.client()?;
        Builder::new_current_thread().enable_all().build()?.block_on(test(&client))
    })
}

/// Bytes of which no two places look alike.
fn noise(size: u32) -> Vec<u8> {
    (0..size).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect()
}

/// Head and body of the answer to a request of its own, which nobody tries again.
async fn raw(client: &AmazonS3, key: &str) -> Result<(String, Vec<u8>)> {
    let url = client.signed_url(Method::GET, &key.into(), Duration::from_secs(60)).await?;
    let host = format!("{}:{}", url.host_str().context("no host")?, url.port().context("no port")?);
    let target = &url[Position::BeforePath..];
    let mut socket = TcpStream::connect(&host)?;
    write!(socket, "GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").context("no head")?;
    Ok((String::from_utf8_lossy(&answer[..end]).to_lowercase(), answer.split_off(end + 4)))
}

/// The checksum that is said of an object, and that of its bytes.
fn checksums(head: &str, body: &[u8]) -> Result<(String, String)> {
    let name = format!("x-amz-meta-{CHECKSUM}: ");
    let said = head.lines().find_map(|line| line.strip_prefix(&name)).context("no checksum")?;
    Ok((said.into(), checksum(body)))
}

fn checksum(bytes: &[u8]) -> String {
    format!("{:016x}", crc_fast::checksum(crc_fast::CrcAlgorithm::Crc64Nvme, bytes))
}

#[test]
fn what_is_put_comes_back_whole_and_in_ranges_with_what_was_said_of_it() -> Result<()> {
    with_bucket(async |client| {
        // One that lies in memory, and one in a file, sent in several pieces.
        for bytes in [noise(10), noise(200_000)] {
            let key = Path::from("a/b");
            let said = Attributes::from_iter([(Attribute::Metadata("by".into()), "Alice")]);
            let put = client.put_opts(&key, bytes.clone().into(), said.clone().into()).await?;
            assert_eq!(put.e_tag, Some(format!("\"{}\"", checksum(&bytes))));
            let head = client.head(&key).await?;
            assert_eq!((head.size, &head.e_tag), (bytes.len() as u64, &put.e_tag));
            let got = client.get(&key).await?;
            assert_eq!(
                got.attributes.get(&Attribute::Metadata("by".into())),
                Some(&"Alice".into())
            );
            assert_eq!((got.meta.size, &got.meta.e_tag), (head.size, &put.e_tag));
            assert_eq!(got.bytes().await?, bytes);
            let half = bytes.len() as u64 / 2;
            for range in [3..half, half..head.size, 0..head.size, 0..1] {
                let ask = GetOptions::new().with_range(Some(range.clone()));
                let got = client.get_opts(&key, ask).await?;
                assert_eq!((&got.range, got.meta.size), (&range, head.size));
                assert_eq!(got.bytes().await?, bytes[range.start as usize..range.end as usize]);
            }
            let ask = GetOptions::new().with_range(Some(GetRange::Offset(head.size)));
            assert!(client.get_opts(&key, ask).await.is_err(), "there is nothing behind the end");
        }
        let key = Path::from("a/b");
        let headers = client.get_opts(&key, GetOptions::new().with_head(true)).await?;
        assert_eq!(headers.attributes, client.get(&key).await?.attributes);
        Ok(())
    })
}

#[test]
fn parts_come_back_in_their_order_and_only_when_the_upload_is_complete() -> Result<()> {
    with_bucket(async |client| {
        let key = Path::from("parts");
        let said = Attributes::from_iter([(Attribute::Metadata("by".into()), "Bob")]);
        let mut upload = client.put_multipart_opts(&key, said.into()).await?;
        let parts = [noise(100), noise(80_000), noise(3)];
        for part in &parts {
            upload.put_part(part.clone().into()).await?;
        }
        assert!(client.head(&key).await.is_err(), "it is not complete yet");
        let put = upload.complete().await?;
        let whole = parts.concat();
        let got = client.get(&key).await?;
        assert_eq!(got.attributes.get(&Attribute::Metadata("by".into())), Some(&"Bob".into()));
        assert_eq!(got.meta.e_tag, put.e_tag);
        assert_eq!(put.e_tag, Some(format!("\"{}-3\"", checksum(&parts[2]))));
        assert_eq!(got.bytes().await?, whole);
        for range in [390..410, 0..400, 400..401, 320_390..320_412] {
            let got = client.get_range(&key, range.clone()).await?;
            assert_eq!(got, whole[range.start as usize..range.end as usize]);
        }
        assert!(upload.complete().await.is_err(), "there is no such upload any more");

        let gone = Path::from("gone");
        let mut upload = client.put_multipart(&gone).await?;
        upload.put_part(noise(1).into()).await?;
        upload.abort().await?;
        assert!(upload.put_part(noise(1).into()).await.is_err());
        assert!(upload.complete().await.is_err());
        assert!(client.head(&gone).await.is_err());
        Ok(())
    })
}

#[test]
fn keys_are_listed_by_prefix_from_an_offset_and_in_pages() -> Result<()> {
    with_bucket(async |client| {
        let mut uploads = tokio::task::JoinSet::new();
        for number in 0..1001 {
            let client = client.clone();
            let key = Path::from(format!("many/{number:04}"));
            uploads.spawn(async move { client.put(&key, vec![b'.'; number].into()).await });
        }
        for put in uploads.join_all().await {
            put?;
        }
        let page = async |prefix: &str, options| {
            let listed = client.list_paginated(Some(prefix), options).await?;
            anyhow::Ok((listed.result.objects, listed.page_token))
        };
        let keys = |objects: &[ObjectMeta]| -> Vec<String> {
            objects.iter().map(|object| object.location.to_string()).collect()
        };
        let (files, more) = page("file", Default::default()).await?;
        assert_eq!(
            (keys(&files), more),
            (["file1.txt", "file2.txt", "file3.txt"].map(String::from).into(), None)
        );
        let head = client.head(&files[0].location).await?;
        assert_eq!((files[0].size, &files[0].e_tag), (head.size, &head.e_tag));
        assert_eq!(
            client.get(&files[0].location).await?.bytes().await?,
            "file 1 of the local bucket\n"
        );

        let (first, more) = page("many/", Default::default()).await?;
        assert_eq!((first.len(), &*first[0].location.to_string()), (1000, "many/0000"));
        let rest = PaginatedListOptions { page_token: more, ..Default::default() };
        let (rest, more) = page("many/", rest).await?;
        assert_eq!((keys(&rest), more), (vec!["many/1000".into()], None));
        let from = PaginatedListOptions { offset: Some("many/0000".into()), ..Default::default() };
        let (later, more) = page("many/", from).await?;
        assert_eq!((later.len(), more), (1000, None), "the page is just full");
        assert_eq!(later[0].location, Path::from("many/0001"));
        let two = PaginatedListOptions { max_keys: Some(2), ..Default::default() };
        let (two, more) = page("many/", two).await?;
        assert_eq!((keys(&two).join(" "), more.is_some()), ("many/0000 many/0001".into(), true));
        assert_eq!(page("other", Default::default()).await?, (vec![], None));
        Ok(())
    })
}

#[test]
fn keys_of_faults_are_what_they_are_called() -> Result<()> {
    with_bucket(async |client| {
        let (head, body) = raw(client, "made/600000/a").await?;
        assert!(head.starts_with("http/1.1 200"), "{head}");
        assert_eq!(body.len(), 600_000);
        let (said, is) = checksums(&head, &body)?;
        assert_eq!(said, is);
        let e_tag = format!("etag: \"{said}\"");
        assert!(head.contains(&e_tag), "{head}");

        let (head, other) = raw(client, "corrupt/600000/a").await?;
        assert_eq!(other, body);
        assert_ne!(checksums(&head, &other)?.0, said);
        for _ in 0..2 {
            assert_eq!(raw(client, "cut/600000/a").await?.1, body[..300_000]);
        }
        for key in ["flaky/600000/a", "changed/600000/a"] {
            // To ask about it is not to send it.
            client.head(&key.into()).await?;
            let (head, half) = raw(client, key).await?;
            assert!(head.contains(&e_tag), "{head}");
            assert_eq!(half, body[..300_000], "{key}");
            for _ in 0..2 {
                let (head, again) = raw(client, key).await?;
                assert_eq!(again, body, "{key}");
                assert_eq!(head.contains(&e_tag), key.starts_with("flaky"), "{head}");
            }
        }
        // Not before it was sent.
        let made = client.head(&"made/600000/b".into()).await?;
        assert_eq!(client.head(&"changed/600000/b".into()).await?.e_tag, made.e_tag);
        Ok(())
    })
}

#[test]
fn another_bucket_and_a_key_that_is_not_there_are_errors() -> Result<()> {
    in_time(|| {
        let lab = Lab::start()?;
        let endpoint = Endpoint::Local(lab.address("LAB_S3=")?.into());
        let other = endpoint.client("other", Duration::from_secs(10))?;
        let client = lab.client()?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let key = Path::from("file1.txt");
            let text = |done: object_store::Result<()>| match done {
                Ok(()) => "no error".into(),
                Err(error) => lab::s3::cause(error).to_string(),
            };
            let none = "NoSuchBucket: there is only your-bucket-name";
            assert_eq!(text(other.get(&key).await.map(drop)), none);
            assert_eq!(text(other.put(&key, "text".into()).await.map(drop)), none);
            assert_eq!(text(other.put_multipart(&key).await.map(drop)), none);
            let listed = other.list_paginated(None, Default::default()).await.map(drop);
            assert_eq!(text(listed), none);
            let none = client.get(&"none".into()).await.map(drop);
            assert_eq!(text(none), "NoSuchKey: there is no such key");
        });
        Ok(())
    })
}

#[test]
fn the_bucket_ends_with_the_program() -> Result<()> {
    in_time(|| {
        let mut lab = Lab::start()?;
        let address =
            |name| Ok(lab.address(name)?.strip_prefix("http://").context("no address")?.to_owned());
        let addresses: Vec<String> =
            ["LAB_SITE=", "LAB_S3="].map(address).into_iter().collect::<Result<_>>()?;
        for address in &addresses {
            TcpStream::connect(address)?;
        }
        drop(lab.stdin.take());
        ensure!(lab.child.wait()?.success(), "lab failed");
        for address in &addresses {
            assert!(TcpStream::connect(address).is_err(), "{address} is still there");
        }
        Ok(())
    })
}
