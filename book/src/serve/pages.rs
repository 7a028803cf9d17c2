//! The pages on the disk, and into those of examples what runs them.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result};
use axum::{
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use maud::html;
use xtask::catalogue::Catalogue;

use crate::example;

/// What runs an example: in no page on the disk.
const SCRIPT: &str = include_str!("../../assets/run.js");
/// Where that is.
const SCRIPT_PLACE: &str = "run.js";

/// The files of the book, by their paths in it. What is not among them is not served.
pub struct Pages {
    files: HashMap<String, PathBuf>,
    /// What comes into the head of an example's page.
    runs: HashMap<String, String>,
}

impl Pages {
    /// Finds them.
    ///
    /// # Errors
    /// If the book cannot be read.
    pub fn read(book: &Path, catalogue: &Catalogue, python: bool) -> Result<Self> {
        let (mut files, mut folders) = (HashMap::new(), vec![book.to_owned()]);
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(&folder);
            for entry in entries.with_context(|| format!("cannot read {}", folder.display()))? {
                let entry = entry?;
                // A link leads who knows where: the book has none.
                match entry.file_type()? {
                    kind if kind.is_dir() => folders.push(entry.path()),
                    kind if kind.is_file() => {
                        let path = entry.path();
                        let name = path.strip_prefix(book)?.to_string_lossy().into_owned();
                        files.insert(name, path);
                    }
                    _ => {}
                }
            }
        }
        let mut runs = HashMap::new();
        for it in &catalogue.examples {
            let name = it.full_name();
            let args = serde_json::to_string(it.ports.first().map_or(&[][..], |port| &port.args))?;
            let tag = html! { script src={ "/" (SCRIPT_PLACE) } defer data-example=(name) data-args=(args) data-python=(python) {} };
            runs.insert(example::path(it), tag.into_string());
        }
        let token = html! { script src={ "/" (SCRIPT_PLACE) } defer {} }.into_string();
        for name in files.keys().filter(|name| name.ends_with(".html")) {
            runs.entry(name.clone()).or_insert_with(|| token.clone());
        }
        Ok(Self { files, runs })
    }

    fn bytes(&self, name: &str) -> Option<Result<Vec<u8>>> {
        if name == SCRIPT_PLACE {
            return Some(Ok(SCRIPT.into()));
        }
        let file = self.files.get(name)?;
        let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()));
        Some(bytes.map(|bytes| match self.runs.get(name) {
            Some(tag) => {
                let text = String::from_utf8_lossy(&bytes);
                text.replacen("</head>", &format!("{tag}</head>"), 1).into_bytes()
            }
            None => bytes,
        }))
    }
}

/// A page of the book, or a file of it.
pub async fn page(State(pages): State<Arc<Pages>>, address: Uri) -> Response {
    let path = address.path().trim_start_matches('/');
    let name = match path {
        "" => "index.html".to_owned(),
        _ if path.ends_with('/') => format!("{path}index.html"),
        _ => path.to_owned(),
    };
    let kind = match name.rsplit_once('.').map_or("", |(_, kind)| kind) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        _ => "text/plain; charset=utf-8",
    };
    match pages.bytes(&name) {
        None => (StatusCode::NOT_FOUND, "the book has no such page").into_response(),
        Some(Ok(bytes)) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Some(Err(error)) => {
            (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}")).into_response()
        }
    }
}
