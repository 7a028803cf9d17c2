//! Whatever an S3 sends in place of a listing is an error, or objects.
#![no_main]

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{LazyLock, Mutex},
    thread,
};

use lab::s3::Endpoint;
use libfuzzer_sys::fuzz_target;

/// What is sent next; an empty listing after that, which is the end of any.
static LISTING: Mutex<Vec<u8>> = Mutex::new(Vec::new());

static S3: LazyLock<Endpoint> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = listener.local_addr().expect("it has an address");
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || _ = serve(&client));
        }
    });
    Endpoint::Local(format!("http://{address}"))
});

fn serve(mut client: &TcpStream) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    for line in BufReader::new(client).lines() {
        if !line?.is_empty() {
            continue;
        }
        let mut listing = std::mem::take(&mut *LISTING.lock().expect("nobody panics with it"));
        if listing.is_empty() {
            listing = b"<ListBucketResult/>".to_vec();
        }
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", listing.len());
        client.write_all(&[head.as_bytes(), &listing].concat())?;
    }
    Ok(())
}

fuzz_target!(|bytes: &[u8]| {
    *LISTING.lock().expect("nobody panics with it") = bytes.to_vec();
    if let Ok(chunks) = counting::chunks(&["s3://bucket/".into()], Some(&*S3), 1 << 40) {
        assert!(chunks.iter().all(|chunk| chunk.bytes() > 0));
    }
});
