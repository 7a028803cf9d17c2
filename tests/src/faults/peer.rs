//! A server that does not serve.

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread,
};

use anyhow::Result;

/// What it does once it has been asked for something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Manners {
    /// It resets the connection.
    Reset,
    /// Nothing.
    Mute,
}

/// The server. Its thread ends with this process.
pub struct Peer {
    address: SocketAddr,
    asked: Arc<AtomicBool>,
}

impl Peer {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// If there is none.
    pub fn start(manners: Manners) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let asked = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&asked);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                thread::spawn(move || answer(manners, &client, &seen));
            }
        });
        Ok(Self { address, asked })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Whether somebody has asked for something.
    pub fn was_asked(&self) -> bool {
        self.asked.load(SeqCst)
    }
}

fn answer(manners: Manners, client: &TcpStream, asked: &AtomicBool) {
    if !client.peek(&mut [0]).is_ok_and(|length| length > 0) {
        return;
    }
    asked.store(true, SeqCst);
    // Closed with a request that nobody has read, a connection is reset (RFC 9293, 3.10.4).
    if manners == Manners::Mute {
        // Until the client has closed it.
        let _ = std::io::copy(&mut &*client, &mut std::io::sink());
    }
}
