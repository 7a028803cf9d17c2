//! A local web site on 127.0.0.1: the default of every web example, so that it runs with no network.
//!
//! Page `/NAME` is HTML of a given size, the same each time, and comes about 100 ms late (times
//! `PACE`). The query asks for something else, alone or together:
//!
//! | query | effect |
//! |---|---|
//! | `size=65536` | a page of that many bytes (default 8192, at most 64 MiB) |
//! | `latency=0.5` | seconds before the answer begins, times `PACE` (default 0.08 to 0.12, by name) |
//! | `gate=3` | the answer waits until 3 requests have been in flight at once |
//! | `fault=404`, `503` | that status |
//! | `fault=redirect` | 302 to the same page without a query |
//! | `fault=slow` | the page comes in ten pieces, the latency before each |
//! | `fault=reset` | the connection is reset in place of an answer |
//! | `fault=truncated` | half of the page, then the connection ends |
//! | `fault=never` | no answer at all |
//! | `times=2` | only the first 2 requests for this very URL get the fault |
//!
//! `/-/stats` counts: `connections`, requests `served` and `in_flight_max`.

mod connection;
mod page;
mod traffic;

use std::{
    env, io,
    net::{Ipv4Addr, SocketAddr},
    str::FromStr,
    sync::{Arc, OnceLock, mpsc},
    thread,
};

use anyhow::{Context, Result};
use axum::{Json, Router, extract::State, routing::get};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use serde_json::{Value, json};
use tokio::{net::TcpSocket, sync::oneshot};
pub use url::Url;

use crate::tls;

pub use page::latency;
use traffic::Traffic;

/// Accepted connections that may wait for the server; the kernel caps it at `net.core.somaxconn`.
const BACKLOG: u32 = 4096;

/// A running site. Dropping it ends it, with all its connections.
pub struct Site {
    address: SocketAddr,
    traffic: Arc<Traffic>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Site {
    /// Starts a site on a free port of 127.0.0.1, on one thread of its own.
    ///
    /// # Errors
    /// If no port or no thread is to be had.
    pub fn start() -> Result<Self> {
        allow_many_connections().context("cannot raise the limit of open files")?;
        let traffic = Arc::<Traffic>::default();
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = mpsc::channel();
        let serving = Arc::clone(&traffic);
        let thread = thread::Builder::new()
            .name("lab-site".into())
            .spawn(move || serve(serving, &tell, stopped))
            .context("cannot start a thread for the local site")?;
        let address = told.recv().context("the local site did not start")?;
        Ok(Self {
            address: address.context("cannot listen on 127.0.0.1")?,
            traffic,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The site's address, `http://127.0.0.1:PORT`.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The greatest number of requests that were in flight at once so far.
    pub fn in_flight_max(&self) -> usize {
        self.traffic.in_flight_max()
    }

    /// Connections that were opened so far.
    pub fn connections(&self) -> usize {
        self.traffic.connections()
    }

    /// Requests that arrived so far.
    pub fn served(&self) -> usize {
        self.traffic.served()
    }
}

/// Serves on this thread until `stopped`; before that, tells the address or why there is none.
fn serve(
    traffic: Arc<Traffic>,
    tell: &mpsc::Sender<io::Result<SocketAddr>>,
    stopped: oneshot::Receiver<()>,
) {
    let serve = async || {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let listener = socket.listen(BACKLOG)?;
        let _ = tell.send(Ok(listener.local_addr()?));
        let listener = connection::Listener { socket: listener, traffic: Arc::clone(&traffic) };
        let app = Router::new()
            .route("/-/stats", get(stats))
            .route("/{*name}", get(page::answer))
            .with_state(traffic)
            .into_make_service_with_connect_info::<connection::Cut>();
        tokio::select! {
            served = axum::serve(listener, app).into_future() => served,
            _ = stopped => Ok(()),
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    if let Err(error) = runtime.and_then(|runtime| runtime.block_on(serve())) {
        let _ = tell.send(Err(error));
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread can only have panicked, which it has reported.
            let _ = thread.join();
        }
    }
}

/// A page as a command line names it: a URL, or `lab:NAME?QUERY`, a page of the local site.
#[derive(Clone, Debug)]
pub enum Page {
    /// `NAME?QUERY` on the local site.
    Local(String),
    /// Anywhere else.
    Web(Url),
}

impl FromStr for Page {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // Before any client is made. Not in `lab::main`: all that rustls is would be in lesson 02's workers too, and make
        // their start a third longer.
        tls::use_ring();
        if let Some(page) = text.strip_prefix("lab:") {
            return Ok(Self::Local(page.into()));
        }
        let hint = "give a whole URL, as in https://python.org, or lab:NAME for a local page";
        let url = Url::parse(text).map_err(|error| format!("{error}: {hint}"))?;
        match url.scheme() {
            "http" | "https" => Ok(Self::Web(url)),
            scheme => Err(format!("{scheme}: is not http or https: {hint}")),
        }
    }
}

impl Page {
    /// Where it is. The local site is the one at `LAB_SITE`, or else one that starts here, the first time, and ends
    /// with this program.
    ///
    /// # Errors
    /// If the site does not start.
    pub fn url(&self) -> Result<Url> {
        tls::use_ring();
        match self {
            Self::Web(url) => Ok(url.clone()),
            Self::Local(page) => {
                Url::parse(&format!("{}/{page}", base()?)).with_context(|| format!("lab:{page}"))
            }
        }
    }
}

fn base() -> Result<String> {
    static OWN: OnceLock<Site> = OnceLock::new();
    if let Ok(base) = env::var("LAB_SITE") {
        return Ok(base);
    }
    if OWN.get().is_none() {
        // If two threads come here at once, the second one's site is dropped again.
        let _ = OWN.set(Site::start()?);
    }
    OWN.get().map(Site::base).context("the local site is gone")
}

/// Lets this process have as many open files as it may: a connection needs one, and the usual soft
/// limit of 1024 is too low for 10,000.
///
/// # Errors
/// Those of setrlimit(2).
pub fn allow_many_connections() -> io::Result<()> {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    Ok(setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?)
}

async fn stats(State(traffic): State<Arc<Traffic>>) -> Json<Value> {
    Json(json!({
        "connections": traffic.connections(),
        "served": traffic.served(),
        "in_flight_max": traffic.in_flight_max(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_files_are_allowed_as_there_may_be() -> Result<()> {
        let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
        setrlimit(Resource::RLIMIT_NOFILE, hard.min(512), hard)?;
        allow_many_connections()?;
        assert_eq!(getrlimit(Resource::RLIMIT_NOFILE)?, (hard, hard));
        Ok(())
    }
}
