//! Pages, and what goes wrong with them.

use std::{
    io,
    sync::{Arc, PoisonError},
};

use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, Path, Query, State},
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use futures_util::{StreamExt, stream};
use serde::Deserialize;

use super::{connection::Cut, traffic::Traffic};
use crate::pace;

const MAX_SIZE: usize = 64 << 20;

/// What the query asks for; see the table in [`super`].
#[derive(Deserialize)]
pub(super) struct Ask {
    #[serde(default = "default_size")]
    size: usize,
    latency: Option<f64>,
    gate: Option<usize>,
    fault: Option<Fault>,
    times: Option<u32>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Fault {
    #[serde(rename = "404")]
    NotFound,
    #[serde(rename = "503")]
    Unavailable,
    Redirect,
    Slow,
    Reset,
    Truncated,
    Never,
}

fn default_size() -> usize {
    8192
}

/// Seconds at `PACE=1` before the page of that name is answered: 0.08 to 0.12, the same each time.
pub fn latency(name: &str) -> f64 {
    // FNV-1a; the standard library's hasher may change from one Rust to the next.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    0.08 + 0.0001 * (hash % 401) as f64
}

pub(super) async fn answer(
    State(traffic): State<Arc<Traffic>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    Path(name): Path<String>,
    Query(ask): Query<Ask>,
    uri: Uri,
) -> Response {
    let in_flight = traffic.arrive();
    if let Some(gate) = ask.gate {
        traffic.gate(gate).await;
    }
    if ask.size > MAX_SIZE {
        let message = format!("size={} is over {MAX_SIZE}\n", ask.size);
        return (StatusCode::BAD_REQUEST, message).into_response();
    }
    let latency = match ask.latency.unwrap_or_else(|| latency(&name)) {
        seconds @ 0.0..=3600.0 => pace::seconds(seconds),
        seconds => {
            let message = format!("latency={seconds} is not in 0 to 3600\n");
            return (StatusCode::BAD_REQUEST, message).into_response();
        }
    };
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let fault = ask.fault.filter(|_| is_due(&traffic, &uri, ask.times));
    if let Some(Fault::Never) = fault {
        return std::future::pending().await;
    }
    drop(in_flight);
    let html = [(header::CONTENT_TYPE, "text/html")];
    match fault {
        None => (html, text(&name, ask.size)).into_response(),
        Some(Fault::NotFound) => (StatusCode::NOT_FOUND, "no such page\n").into_response(),
        Some(Fault::Unavailable) => {
            (StatusCode::SERVICE_UNAVAILABLE, "try again\n").into_response()
        }
        Some(Fault::Redirect) => (StatusCode::FOUND, Redirect::to(uri.path())).into_response(),
        Some(Fault::Slow) => {
            let page = text(&name, ask.size);
            let piece = page.len().div_ceil(10).max(1);
            let pieces = stream::unfold(page, move |mut rest| async move {
                if rest.is_empty() {
                    return None;
                }
                tokio::time::sleep(latency).await;
                let next = rest.split_to(piece.min(rest.len()));
                Some((Ok::<_, io::Error>(next), rest))
            });
            (html, Body::from_stream(pieces)).into_response()
        }
        Some(Fault::Truncated) => {
            let half = text(&name, ask.size / 2);
            let cut_off = stream::iter([Ok(half), Err(io::ErrorKind::Other)]).then(async |piece| {
                // While this waits, hyper sends what it has; else the error would overtake it.
                tokio::task::yield_now().await;
                piece.map_err(io::Error::from)
            });
            let length = [(header::CONTENT_LENGTH, ask.size)];
            (html, length, Body::from_stream(cut_off)).into_response()
        }
        Some(Fault::Reset | Fault::Never) => {
            cut.reset();
            StatusCode::OK.into_response()
        }
    }
}

/// Whether this request still gets the fault that its URL asks for.
fn is_due(traffic: &Traffic, uri: &Uri, times: Option<u32>) -> bool {
    let Some(times) = times else { return true };
    let mut faults = traffic.faults.lock().unwrap_or_else(PoisonError::into_inner);
    let given = faults.entry(uri.to_string()).or_default();
    *given += 1;
    *given <= times
}

/// HTML of `size` bytes that begins with the page's name.
fn text(name: &str, size: usize) -> Bytes {
    const LINE: &[u8] = b"<p>All work and no play makes a page that is the same each time.</p>\n";
    let mut page = format!("<!doctype html><title>{name}</title>\n").into_bytes();
    page.reserve(size + LINE.len());
    while page.len() < size {
        page.extend_from_slice(LINE);
    }
    page.truncate(size);
    page.into()
}
