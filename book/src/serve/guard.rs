//! Who may ask: a page of this server, in a browser that was given the token.

use std::{fs::File, io::Read, sync::Arc};

use anyhow::{Context, Result};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// The header in which a page of ours sends the token. No form and no link of another page can send it.
const TOKEN: &str = "x-book-token";

/// What a request must bring.
pub struct Guard {
    hosts: [String; 2],
    token: String,
}

impl Guard {
    /// For that port, with a token that nobody has yet.
    ///
    /// # Errors
    /// If the system gives no random bytes.
    pub fn new(port: u16) -> Result<Self> {
        let mut bytes = [0; 32];
        File::open("/dev/urandom")
            .and_then(|mut random| random.read_exact(&mut bytes))
            .context("the system gives no random bytes")?;
        let token = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { hosts: ["127.0.0.1", "localhost"].map(|name| format!("{name}:{port}")), token })
    }

    /// The token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Whether the request names us as its host, and comes from none but a page of ours.
    fn is_for_us(&self, headers: &HeaderMap) -> Result<(), &'static str> {
        // Another name that leads here is another site's, whose pages could read our answers.
        let host = only(headers, header::HOST.as_str()).unwrap_or_default();
        if !self.hosts.iter().any(|it| it == host) {
            return Err("this server is not the host that was asked for");
        }
        let origins = headers.get_all(header::ORIGIN);
        if origins.iter().any(|origin| origin.as_bytes() != format!("http://{host}").as_bytes()) {
            return Err("another site's page may not ask here");
        }
        Ok(())
    }

    /// Whether the request comes from a page, and brings the token.
    fn has_token(&self, headers: &HeaderMap) -> Result<(), &'static str> {
        if !headers.contains_key(header::ORIGIN) {
            return Err("only a page of this server may ask for that");
        }
        let token = only(headers, TOKEN).unwrap_or_default();
        // Takes as long wherever the first wrong letter is.
        let differs =
            token.bytes().zip(self.token.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
        if token.len() != self.token.len() || differs != 0 {
            return Err(
                "the token is not this server's: open the address that it printed when it started",
            );
        }
        Ok(())
    }
}

/// A header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().ok();
    first.filter(|_| all.next().is_none())
}

/// Lets no request through that is not for us, and tells the browser to keep our pages to themselves.
pub async fn is_for_us(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let mut response = match guard.is_for_us(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(reason) => (StatusCode::FORBIDDEN, reason).into_response(),
    };
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        // No page of others has ours in a frame, where a reader may press what is not seen.
        (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'self'"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Lets no request through that lacks the token.
pub async fn has_token(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    match guard.has_token(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(reason) => (StatusCode::FORBIDDEN, reason).into_response(),
    }
}
