//! `cargo xtask book --serve`: the book on this machine's own address, with a button at each example that runs it.
//!
//! [`Server`] answers: `pages` serves what is on the disk, `guard` refuses who is not the book's own page,
//! `confine` refuses arguments that lead out of the scratch folder, and `run` runs an example within [`Bounds`].

mod bounds;
mod confine;
mod guard;
mod pages;
mod run;
mod runs;
mod seen;

pub use self::{bounds::Bounds, confine::confined};

use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use xtask::{catalogue::Catalogue, lab::Lab, python::Python, trace::folder::Folder};

use self::{guard::Guard, pages::Pages, runs::Runs};

/// What a request to run may be long: an example's name and arguments.
const LONGEST: usize = 64 * 1024;

/// How long the runs get to end when the server does: what the recorder gives them, twice, and a little.
const GRACE: Duration = Duration::from_secs(8);

/// What a server needs.
pub struct Options {
    /// The book, as it was written.
    pub book: PathBuf,
    /// The program that records, for `record`.
    pub recorder: PathBuf,
    /// The lessons' programs and the lab, by name.
    pub programs: HashMap<String, PathBuf>,
    /// The twins' interpreter; without it the Rust programs alone are run.
    pub python: Option<Python>,
    /// The port; 0 for any that is free.
    pub port: u16,
    /// Whether arguments may lead anywhere.
    pub trust: bool,
    /// What a run may take.
    pub bounds: Bounds,
}

/// A server that has its address, and answers once [`Server::serve`] runs.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    guard: Arc<Guard>,
    runs: Arc<Runs>,
    pages: Arc<Pages>,
}

impl Server {
    /// Takes the port, starts the lab, and makes the scratch folder.
    ///
    /// # Errors
    /// If one of them cannot be had, or the book cannot be read.
    pub async fn new(options: Options) -> Result<Self> {
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        let listener = TcpListener::bind(wanted).await;
        let listener =
            listener.with_context(|| format!("cannot listen on {wanted}; --port takes another"))?;
        let address = listener.local_addr().context("the server has no address")?;
        let catalogue = Catalogue::load()?;
        let pages = Arc::new(Pages::read(&options.book, &catalogue, options.python.is_some())?);
        let lab = Lab::start(&options.programs, Some(1.0))?;
        let runs = Arc::new(Runs::new(run::Shop {
            lab,
            catalogue,
            folder: Folder::new()?,
            recorder: options.recorder,
            programs: options.programs,
            python: options.python,
            trust: options.trust,
            bounds: options.bounds,
        }));
        let guard = Arc::new(Guard::new(address.port())?);
        Ok(Self { listener, address, guard, runs, pages })
    }

    /// Where the book is, with the token in the part of the address that a browser keeps to itself.
    pub fn address(&self) -> String {
        format!("http://{}/#token={}", self.address, self.guard.token())
    }

    /// Answers until `end` comes; then ends all runs.
    ///
    /// # Errors
    /// If the connections break down.
    pub async fn serve(self, end: impl Future<Output = ()>) -> Result<()> {
        let asked = Router::new()
            .route("/run", post(runs::start))
            .route("/stop", post(runs::stop))
            .layer(DefaultBodyLimit::max(LONGEST))
            .layer(middleware::from_fn_with_state(self.guard.clone(), guard::has_token))
            .with_state(self.runs.clone());
        let shown = Router::new().fallback(get(pages::page)).with_state(self.pages);
        let all = asked
            .fallback_service(shown)
            .layer(middleware::from_fn_with_state(self.guard, guard::is_for_us));
        let served = async { axum::serve(self.listener, all).await };
        let done = tokio::select! {
            done = served => done.context("the server broke down"),
            () = end => Ok(()),
        };
        // Not before the last has ended: what a run has started goes with it.
        if tokio::time::timeout(GRACE, self.runs.end()).await.is_err() {
            eprintln!("error: a run does not end");
        }
        done
    }
}

/// Serves the book until Ctrl-C, with the programs in release or, sooner built, in debug.
///
/// # Errors
/// If something is not built, or the server cannot start.
pub fn until_ctrl_c(
    book: &Path,
    port: u16,
    release: bool,
    trust: bool,
    said: impl FnOnce(&str),
) -> Result<()> {
    let programs = xtask::cargo::build(release)?;
    let python = xtask::python::ready().map(Some).unwrap_or_else(|error| {
        eprintln!("without Python the Rust programs alone are run: {error:#}");
        None
    });
    // This very program, even if a build replaces its file.
    let recorder = format!("/proc/{}/exe", std::process::id()).into();
    let (book, bounds) = (book.to_owned(), Bounds::default());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("cannot start the server")?;
    let done = runtime.block_on(async {
        let listen = |kind| signal(kind).context("cannot listen for Ctrl-C");
        let mut interrupt = listen(SignalKind::interrupt())?;
        let mut terminate = listen(SignalKind::terminate())?;
        let mut hangup = listen(SignalKind::hangup())?;
        let options = Options { book, recorder, programs, python, port, trust, bounds };
        let server = Server::new(options).await?;
        said(&server.address());
        server
            .serve(async move {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                    _ = hangup.recv() => {}
                }
            })
            .await
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    done
}
