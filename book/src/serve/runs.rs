//! The runs that there are: how they are asked for, watched, and stopped.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use axum::{
    Json,
    body::{Body, Bytes},
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::{Semaphore, mpsc, watch};
use xtask::trace::saying::count;

use super::run::{Asked, Shop, Watcher};

/// Lines that wait for a page to take them; then the program waits.
const WAITING: usize = 64;

/// All runs.
pub struct Runs {
    shop: Shop,
    room: Arc<Semaphore>,
    next: AtomicU64,
    stops: Mutex<HashMap<u64, watch::Sender<bool>>>,
}

impl Runs {
    /// None yet.
    pub fn new(shop: Shop) -> Self {
        let room = Arc::new(Semaphore::new(shop.bounds.at_once as usize));
        Self { shop, room, next: AtomicU64::new(1), stops: Mutex::default() }
    }

    /// Ends all, lets none begin, and returns when all have ended.
    pub async fn end(&self) {
        // Again and again: one may be just about to begin.
        let ended = || self.room.acquire_many(self.shop.bounds.at_once);
        loop {
            for stop in self.stops.lock().unwrap_or_else(PoisonError::into_inner).values() {
                stop.send_replace(true);
            }
            if tokio::time::timeout(Duration::from_millis(100), ended()).await.is_ok() {
                break;
            }
        }
        self.room.close();
    }

    fn begin(&self) -> (u64, watch::Receiver<bool>) {
        let id = self.next.fetch_add(1, Relaxed);
        let (stop, stopped) = watch::channel(false);
        self.stops.lock().unwrap_or_else(PoisonError::into_inner).insert(id, stop);
        (id, stopped)
    }

    fn stop(&self, id: u64) -> bool {
        let stops = self.stops.lock().unwrap_or_else(PoisonError::into_inner);
        stops.get(&id).map(|stop| stop.send_replace(true)).is_some()
    }
}

/// Starts a run, and tells what happens as it happens, in lines of JSON.
pub async fn start(State(runs): State<Arc<Runs>>, Json(asked): Json<Asked>) -> Response {
    let ready = match runs.shop.ready(&asked) {
        Ok(ready) => ready,
        Err(reason) => return (StatusCode::UNPROCESSABLE_ENTITY, reason).into_response(),
    };
    let Ok(room) = runs.room.clone().try_acquire_owned() else {
        let most = count(runs.shop.bounds.at_once as usize, "run");
        let text = format!("no more than {most} at once: stop one, or wait");
        return (StatusCode::TOO_MANY_REQUESTS, text).into_response();
    };
    let (id, stopped) = runs.begin();
    let (watcher, seen) = mpsc::channel(WAITING);
    // Of its own, so that a page that is gone leaves no run half ended.
    tokio::spawn(async move {
        runs.shop.run(ready, Watcher { id, seen: watcher, stopped, lost: false }).await;
        runs.stops.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        drop(room);
    });
    let lines = stream::unfold(seen, |mut seen| async {
        let line: Bytes = seen.recv().await?;
        Some((Ok::<_, Infallible>(line), seen))
    });
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
    (kind, Body::from_stream(lines)).into_response()
}

/// The run to stop.
#[derive(Deserialize)]
pub struct Stop {
    id: u64,
}

/// Stops a run.
pub async fn stop(State(runs): State<Arc<Runs>>, Json(Stop { id }): Json<Stop>) -> Response {
    if runs.stop(id) {
        StatusCode::NO_CONTENT.into_response()
    } else {
        (StatusCode::NOT_FOUND, "there is no such run any more").into_response()
    }
}
