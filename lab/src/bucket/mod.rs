//! A local S3 endpoint on 127.0.0.1: the default of every S3 example, so that it runs with no account.
//!
//! It is `s3s` over temporary files, in a process of its own. The bucket [`NAME`] has `file1.txt` to
//! `file3.txt`, and takes what is put. Some keys are there without being put, made as they are sent,
//! the same each time:
//!
//! | key | object |
//! |---|---|
//! | `made/65536/NAME` | so many bytes |
//! | `cut/65536/NAME` | the connection ends after half of what was asked for |
//! | `flaky/65536/NAME` | the same, but only the first time |
//! | `changed/65536/NAME` | the same, and from then on it is another object |
//! | `corrupt/65536/NAME` | one byte is not what the checksum says |
//!
//! The checksum is metadata of the object: see [`CHECKSUM`].

mod made;
mod names;
mod object;
mod objects;

use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    net::{IpAddr, Ipv4Addr},
    os::unix::process::CommandExt,
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
};

use anyhow::{Context, Result, ensure};
use axum::{Router, error_handling::HandleError, http::StatusCode, serve::ListenerExt};
use s3s::{HttpError, auth::SimpleAuth, service::S3ServiceBuilder};
use tokio::net::TcpListener;

pub use self::names::{CHECKSUM, NAME};
use self::objects::Objects;
use crate::site::allow_many_connections;

/// The access key id that the endpoint knows.
pub const ACCESS_KEY: &str = "lab";
/// Its secret access key.
pub const SECRET_KEY: &str = "lab-secret";

/// The server's name in a list of processes; and how this program knows that it is the server.
const PROCESS: &str = "lab-bucket";

static CAN_SERVE: AtomicBool = AtomicBool::new(false);

/// A running endpoint. Dropping it ends it, and it ends by itself when this process dies.
pub struct Bucket {
    child: Child,
    base: String,
}

impl Bucket {
    /// Starts this program once more, as the server on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// If the server does not start, or `main` does not call [`serve_if_asked`].
    pub fn start() -> Result<Self> {
        ensure!(CAN_SERVE.load(Ordering::Relaxed), "main does not call bucket::serve_if_asked");
        let mut child = Command::new("/proc/self/exe")
            .arg0(PROCESS)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C at the terminal goes to us; the server notices when we are gone.
            .process_group(0)
            .spawn()
            .context("cannot start the local bucket")?;
        let mut base = String::new();
        let stdout = child.stdout.take().context("the local bucket has no output")?;
        BufReader::new(stdout).read_line(&mut base)?;
        ensure!(base.pop() == Some('\n'), "the local bucket did not start");
        Ok(Self { child, base })
    }

    /// The endpoint's address, `http://127.0.0.1:PORT`.
    pub fn base(&self) -> &str {
        &self.base
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Becomes the server, and does not return, if [`Bucket::start`] started this process. The first
/// thing that the `main` of a program with a bucket does. For other hosts to reach it, start such a
/// program as `lab-bucket ADDRESS` (`exec -a` of bash).
pub fn serve_if_asked() {
    CAN_SERVE.store(true, Ordering::Relaxed);
    if env::args_os().next().is_some_and(|name| name == PROCESS) {
        process::exit(address().and_then(serve).map_or_else(
            |error| {
                eprintln!("error: the local bucket: {error:#}");
                1
            },
            |()| 0,
        ));
    }
}

/// Where it listens: at the address that is its argument, or else for this machine alone.
fn address() -> Result<IpAddr> {
    let Some(address) = env::args().nth(1) else { return Ok(Ipv4Addr::LOCALHOST.into()) };
    address.parse().with_context(|| format!("{address:?} is no address to listen on"))
}

/// Prints the address and serves until standard input ends.
fn serve(address: IpAddr) -> Result<()> {
    allow_many_connections().context("cannot raise the limit of open files")?;
    let objects = Objects::default();
    for number in 1..=3 {
        let text = format!("file {number} of the local bucket\n");
        objects.put(&format!("file{number}.txt"), &text).context("cannot make a file")?;
    }
    let mut service = S3ServiceBuilder::new(objects);
    service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
    let service = HandleError::new(service.build(), async |error: HttpError| {
        (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:?}"))
    });
    let app = Router::new().fallback_service(service);

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((address, 0)).await.context("cannot listen")?;
        writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
        // Without it a small answer may wait for the client's delayed ACK.
        let listener = listener.tap_io(|socket| _ = socket.set_nodelay(true));
        tokio::select! {
            served = axum::serve(listener, app) => served?,
            _ = tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink())) => {}
        }
        anyhow::Ok(())
    })?;
    runtime.shutdown_background();
    Ok(())
}
