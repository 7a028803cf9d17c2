//! The local site holds what the lessons ask of it.

use anyhow::{Context, Result, ensure};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};
use xtask::lab::Lab;

const CONNECTIONS: usize = 10_000;

/// None of the pages is answered before all 10,000 requests are in flight.
#[tokio::test]
async fn ten_thousand_connections_are_served_at_once() -> Result<()> {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    ensure!(hard > CONNECTIONS as u64 + 100, "only {hard} open files allowed here (ulimit -Hn)");
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?;
    // In a process of its own: one descriptor of each connection here, the other there.
    let lab = Lab::start(tests::programs()?, Some(tests::PACE))?;
    let address = lab.address("LAB_SITE").and_then(|base| base.strip_prefix("http://"));
    let address = address.context("no address")?;
    let mut connections = JoinSet::new();
    for number in 0..CONNECTIONS {
        let socket = TcpStream::connect(address).await?;
        connections.spawn(fetch(socket, format!("/page-{number}?gate={CONNECTIONS}&size=100")));
    }
    let answers = tokio::time::timeout(tests::LIMIT, connections.join_all()).await?;
    for answer in answers {
        let answer = answer?;
        ensure!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let stats = fetch(TcpStream::connect(address).await?, "/-/stats".into()).await?;
    let connections = CONNECTIONS + 1;
    let counts = format!(
        r#"{{"connections":{connections},"in_flight_max":{CONNECTIONS},"served":{CONNECTIONS}}}"#
    );
    assert!(stats.ends_with(&counts), "{stats}");
    Ok(())
}

#[test]
fn the_lab_names_a_wrong_pace_without_a_backtrace() -> Result<()> {
    let mut lab = tests::program("lab")?;
    let done = tests::run(lab.env("PACE", "0").env("RUST_BACKTRACE", "1"))?;
    assert_eq!((done.status.code(), &*done.stdout), (Some(2), ""));
    assert!(done.stderr.starts_with("error: PACE=\"0\" must be above 0"), "{}", done.stderr);
    assert!(!done.stderr.contains("backtrace"), "{}", done.stderr);
    Ok(())
}

#[tokio::test]
async fn a_fault_with_times_goes_away() -> Result<()> {
    let site = lab::site::Site::start()?;
    let base = site.base();
    let address = base.strip_prefix("http://").context("no address")?;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let socket = TcpStream::connect(address).await?;
        let answer = fetch(socket, "/p?fault=503&times=2&latency=0".into()).await?;
        statuses.push(answer.split(' ').nth(1).map(String::from));
    }
    assert_eq!(statuses, ["503", "503", "200"].map(|it| Some(it.into())));
    Ok(())
}

/// `.cargo/config.toml` says so: where a proxy leads to the network, nothing local would be there.
#[test]
fn a_proxy_of_the_environment_is_not_asked_for_what_is_local() -> Result<()> {
    // Bound and closed again is refused.
    let closed = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let folder = tempfile::tempdir()?;
    for (lesson, name, args) in [
        ("01-threading", "web-scraping", &[][..]),
        ("03-asyncio", "web-scraping", &[]),
        ("03-asyncio", "page-sizes", &[]),
        ("03-asyncio", "crawl", &["--pages", "3"]),
        ("04-futures", "s3-download", &[]),
        ("04-futures", "s3-upload", &[]),
        ("05-patterns", "grid", &["--additions", "1000"]),
    ] {
        let mut command = tests::example(lesson, name, args)?;
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            command.env(name, format!("http://{closed}"));
        }
        let done = tests::run(command.current_dir(&folder))?;
        ensure!(done.status.success(), "{lesson} {name} {args:?}: {}", done.stderr);
    }
    Ok(())
}

#[tokio::test]
async fn a_page_is_the_same_each_time_and_as_long_as_asked() -> Result<()> {
    let site = lab::site::Site::start()?;
    let base = site.base();
    let address = base.strip_prefix("http://").context("no address")?;
    for size in [0, 1, 100, 8192, 1 << 20] {
        let path = format!("/p?size={size}&latency=0");
        let first = fetch(TcpStream::connect(address).await?, path.clone()).await?;
        let again = fetch(TcpStream::connect(address).await?, path).await?;
        let body = |answer: &str| answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        assert_eq!(body(&first).map(|body| body.len()), Some(size));
        assert_eq!(body(&first), body(&again));
    }
    for query in ["size=99999999999", "latency=-1", "fault=fire", "size=x"] {
        let path = format!("/p?{query}");
        let answer = fetch(TcpStream::connect(address).await?, path).await?;
        assert!(answer.starts_with("HTTP/1.1 400"), "{query}: {answer}");
    }
    Ok(())
}

async fn fetch(mut socket: TcpStream, path: String) -> Result<String> {
    let request = format!("GET {path} HTTP/1.1\r\nhost: site\r\nconnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await?;
    Ok(answer)
}
