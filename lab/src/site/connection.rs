//! Connections that a handler can cut off.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{extract::connect_info::Connected, serve::IncomingStream};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

use super::traffic::Traffic;

/// Accepts connections whose handlers can reset them, and counts them.
pub(super) struct Listener {
    pub socket: TcpListener,
    pub traffic: Arc<Traffic>,
}

/// What a handler gets of its connection: once set, the next write resets it (RST, not FIN).
#[derive(Clone, Default)]
pub struct Cut(Arc<AtomicBool>);

/// A connection.
pub struct Connection {
    socket: TcpStream,
    cut: Cut,
}

impl Cut {
    /// Has the connection reset in place of the next write.
    pub fn reset(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl axum::serve::Listener for Listener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            match self.socket.accept().await {
                Ok((socket, address)) => {
                    self.traffic.connections.fetch_add(1, Ordering::Relaxed);
                    // Without it a small answer may wait for the client's delayed ACK.
                    let _ = socket.set_nodelay(true);
                    let cut = Cut::default();
                    return (Connection { socket, cut }, address);
                }
                // Out of descriptors: let some connections end first.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }
}

impl Connected<IncomingStream<'_, Listener>> for Cut {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        stream.io().cut.clone()
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.cut.0.load(Ordering::Relaxed) {
            // Closing with SO_LINGER 0 sends RST: socket(7).
            self.socket.set_zero_linger()?;
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.socket).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}
