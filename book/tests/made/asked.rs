//! Requests as nobody's browser would send them, and their answers.

use std::{
    fmt,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::server::Attacked;

/// Far more than any answer takes: it ends a hang.
const LIMIT: Duration = Duration::from_secs(120);

/// A request.
pub struct Asked {
    port: u16,
    line: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Asked {
    /// As the server's own page would begin one.
    pub fn new(server: &Attacked) -> Self {
        Self::at(server.port, &server.token)
    }

    pub fn at(port: u16, token: &str) -> Self {
        let headers = [
            ("Host", format!("127.0.0.1:{port}")),
            ("Origin", format!("http://127.0.0.1:{port}")),
            ("content-type", "application/json".into()),
            ("x-book-token", token.into()),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value)).into();
        Self { port, line: "GET /".into(), headers, body: String::new() }
    }

    pub fn get(mut self, place: &str) -> Self {
        self.line = format!("GET {place}");
        self
    }

    pub fn to(mut self, place: &str, body: &Value) -> Self {
        self.line = format!("POST {place}");
        self.body = body.to_string();
        self
    }

    pub fn run(self, example: &str, args: &[&str], languages: &str) -> Self {
        self.to("/run", &json!({"example": example, "args": args, "languages": languages}))
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(it, _)| it != name);
        self
    }

    pub fn header(self, name: &str, value: &str) -> Self {
        let mut asked = self.without(name);
        asked.headers.push((name.to_owned(), value.to_owned()));
        asked
    }

    /// Sends it, and does not wait for the answer's end.
    pub fn begin(self) -> Result<Answer> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(LIMIT))?;
        let headers: String =
            self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let Self { line, body, .. } = self;
        let length = body.len();
        let text = format!(
            "{line} HTTP/1.1\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        // A server that refuses a request may do so before it has all of it.
        let _ = stream.write_all(text.as_bytes());
        Ok(Answer(BufReader::new(stream)))
    }

    /// Sends it, and waits for the whole answer.
    pub fn send(self) -> Result<Told> {
        let text = self.begin()?.rest()?;
        let code = text.split(' ').nth(1).and_then(|code| code.parse().ok());
        Ok(Told { code: code.with_context(|| format!("no answer: {text}"))?, text })
    }
}

/// An answer that still comes.
pub struct Answer(BufReader<TcpStream>);

impl Answer {
    /// Reads until a line has that, and says the number of the run.
    pub fn until(&mut self, part: &str) -> Result<u64> {
        let mut id = None;
        loop {
            let mut line = String::new();
            ensure!(self.0.read_line(&mut line)? > 0, "it ended before {part}");
            if line.starts_with('{') {
                let seen: Value = serde_json::from_str(&line)?;
                id = seen["id"].as_u64().or(id);
            }
            if line.contains(part) {
                return id.context("the run has no number");
            }
        }
    }

    pub fn rest(mut self) -> Result<String> {
        let mut bytes = Vec::new();
        let read = self.0.read_to_end(&mut bytes);
        if bytes.is_empty() {
            read?;
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// A whole answer.
pub struct Told {
    pub code: u16,
    pub text: String,
}

impl fmt::Debug for Told {
    /// Its beginning: a picture is long.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = self.text.chars().take(3000).collect();
        write!(f, "{}: {text}", self.code)
    }
}

impl Told {
    /// What the programs printed.
    pub fn printed(&self) -> String {
        self.texts("text").concat()
    }

    /// The texts of what happened of a kind; `svg` for the pictures themselves.
    pub fn texts(&self, kind: &str) -> Vec<String> {
        let seen = self.text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let text = |seen: Value| {
            let (of, text) = if kind == "svg" { ("picture", "svg") } else { (kind, "text") };
            (seen["kind"] == of).then(|| seen[text].as_str().map(str::to_owned)).flatten()
        };
        seen.filter_map(text).collect()
    }
}
