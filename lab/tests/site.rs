//! Each fault of the local site is what it is called.
#![cfg(feature = "site")]

use std::{
    io::{self, ErrorKind, Read, Write},
    net::TcpStream,
    time::Instant,
};

use anyhow::{Context, Error, Result};
use lab::{
    in_time,
    site::{Page, Site},
};
use url::Position;

/// Asks for a page, and waits for no answer yet.
fn ask(site: &Site, path: &str) -> Result<TcpStream> {
    ask_at(&site.base(), path)
}

fn ask_at(base: &str, path: &str) -> Result<TcpStream> {
    let address = base.strip_prefix("http://").context("no address")?;
    let mut socket = TcpStream::connect(address)?;
    write!(socket, "GET {path} HTTP/1.1\r\nhost: site\r\nconnection: close\r\n\r\n")?;
    Ok(socket)
}

/// Head and body of the answer.
fn answer(mut socket: TcpStream) -> io::Result<(String, String)> {
    let mut answer = String::new();
    socket.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    Ok((head.to_lowercase(), body.into()))
}

/// What comes of each of these paths.
fn get(paths: &'static [&'static str]) -> Result<Vec<io::Result<(String, String)>>> {
    in_time(move || {
        let site = Site::start()?;
        paths.iter().map(|path| Ok(answer(ask(&site, path)?))).collect()
    })
}

#[test]
fn a_page_has_its_name_and_comes_whole() -> Result<()> {
    let got = get(&["/a?size=100&latency=0", "/a?size=1000&latency=0&fault=slow"])?;
    let got = got.into_iter().collect::<io::Result<Vec<_>>>()?;
    for (head, body) in &got {
        assert!(head.starts_with("http/1.1 200"), "{head}");
        assert!(head.contains("content-type: text/html"), "{head}");
        assert!(body.contains("<title>a</title>"), "{body}");
    }
    assert_eq!(got[0].1.len(), 100);
    // In ten pieces, each with its length in hexadecimal before it.
    assert_eq!(got[1].1.matches("\r\n64\r\n").count() + 1, 10, "{}", got[1].1);
    Ok(())
}

#[test]
fn faults_with_an_answer_say_so() -> Result<()> {
    let got =
        get(&["/a?fault=404&latency=0", "/a?fault=503&latency=0", "/a?fault=redirect&latency=0"])?;
    let got = got.into_iter().collect::<io::Result<Vec<_>>>()?;
    let statuses: Vec<_> = got.iter().filter_map(|(head, _)| head.get(9..12)).collect();
    assert_eq!(statuses, ["404", "503", "302"]);
    assert!(got[2].0.lines().any(|line| line == "location: /a"), "{}", got[2].0);
    Ok(())
}

#[test]
fn faults_without_an_answer_cut_the_connection() -> Result<()> {
    let got = get(&["/a?fault=truncated&size=1000&latency=0", "/a?fault=reset&latency=0"])?;
    let (head, body) = got[0].as_ref().map_err(|error| anyhow::anyhow!("{error}"))?;
    assert!(head.contains("content-length: 1000"), "{head}");
    assert_eq!(body.len(), 500);
    assert_eq!(got[1].as_ref().map_err(io::Error::kind), Err(ErrorKind::ConnectionReset));
    Ok(())
}

#[test]
fn a_page_that_never_comes_holds_nobody_else_up_and_ends_with_the_site() -> Result<()> {
    in_time(|| {
        let site = Site::start()?;
        let never = ask(&site, "/a?fault=never&latency=0")?;
        let (head, _) = answer(ask(&site, "/b?latency=0")?)?;
        assert!(head.starts_with("http/1.1 200"), "{head}");
        let address = site.base().replace("http://", "");
        drop(site);
        assert!(TcpStream::connect(address).is_err(), "it still listens");
        assert!(answer(never).map_or(true, |(head, _)| head.is_empty()));
        Ok(())
    })
}

/// Neither of the two is answered before both are there.
#[test]
fn who_waits_at_a_gate_is_in_flight_with_the_others() -> Result<()> {
    in_time(|| {
        let site = Site::start()?;
        let sockets = ["/a", "/b"].map(|page| ask(&site, &format!("{page}?gate=2&latency=0")));
        for socket in sockets {
            assert!(answer(socket?)?.0.starts_with("http/1.1 200"));
        }
        assert!(answer(ask(&site, "/c?latency=0")?)?.0.starts_with("http/1.1 200"));
        assert_eq!((site.connections(), site.served(), site.in_flight_max()), (3, 3, 2));
        let (_, stats) = answer(ask(&site, "/-/stats")?)?;
        assert_eq!(stats, r#"{"connections":4,"in_flight_max":2,"served":3}"#);
        Ok(())
    })
}

#[test]
fn a_page_of_the_lab_is_on_a_site_of_this_program() -> Result<()> {
    in_time(|| {
        let page = "lab:a?size=100&latency=0".parse::<Page>().map_err(Error::msg)?;
        let url = page.url()?;
        let base = url.origin().ascii_serialization();
        assert_eq!(answer(ask_at(&base, &url[Position::BeforePath..])?)?.1.len(), 100);
        Ok(())
    })
}

/// About a tenth of a second at the tutorials' pace, by the page's name.
#[test]
fn a_page_comes_as_late_as_its_name_says() -> Result<()> {
    let latencies: Vec<f64> = ["a", "b", "c", "page-1"].map(lab::site::latency).into();
    assert!(latencies.iter().all(|it| (0.08..=0.12).contains(it)), "{latencies:?}");
    assert!(latencies.windows(2).all(|two| two[0] != two[1]), "{latencies:?}");
    in_time(|| {
        let site = Site::start()?;
        for path in ["/a", "/a?latency=0.05"] {
            let begin = Instant::now();
            answer(ask(&site, path)?)?;
            assert!(begin.elapsed() >= lab::seconds(0.05), "{:?}", begin.elapsed());
        }
        Ok(())
    })
}
