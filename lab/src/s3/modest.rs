//! A connection to S3 that takes no length's word for it: `object_store` makes room for as many bytes as a header
//! announces, for listings and errors too.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use async_trait::async_trait;
use http_body::{Body, Frame};
use object_store::{
    ClientOptions, Result,
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
        HttpResponseBody, HttpService, ReqwestConnector,
    },
};

#[derive(Debug)]
pub(super) struct Modest;

impl HttpConnector for Modest {
    fn connect(&self, options: &ClientOptions) -> Result<HttpClient> {
        Ok(HttpClient::new(Client(ReqwestConnector::default().connect(options)?)))
    }
}

#[derive(Debug)]
struct Client(HttpClient);

#[async_trait]
impl HttpService for Client {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let response = self.0.execute(request).await?;
        if last_byte(&response) == Some(u64::MAX) {
            let error = io::Error::other("its range has no end");
            return Err(HttpError::new(HttpErrorKind::Decode, error));
        }
        Ok(response.map(|body| HttpResponseBody::new(OfUnknownLength(body))))
    }
}

/// Where the range ends that was sent; `object_store` adds one to it.
fn last_byte(response: &HttpResponse) -> Option<u64> {
    let range = response.headers().get("content-range")?.to_str().ok()?;
    range.split_once('/')?.0.split_once('-')?.1.parse().ok()
}

/// The same bytes, and [`Body::size_hint`] says nothing of them.
struct OfUnknownLength(HttpResponseBody);

impl Body for OfUnknownLength {
    type Data = <HttpResponseBody as Body>::Data;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, HttpError>>> {
        Pin::new(&mut self.0).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }
}
