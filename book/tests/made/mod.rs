//! The book, written once for all tests, and a reader of its tags.
#![allow(dead_code, missing_docs)]

pub mod asked;
pub mod server;

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use anyhow::{Context, Result, anyhow};
use book::material::{Material, Measured};
use xtask::bench_all::{
    measure::Sample,
    report::{Lack, Report, Row, Side},
};

pub struct Pages {
    pub folder: PathBuf,
    /// The text of each page by its path.
    pub html: BTreeMap<String, String>,
    /// Bytes of all files.
    pub size: u64,
}

pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub ends: bool,
    pub closes_itself: bool,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(it, _)| it == name).map(|(_, value)| &**value)
    }

    /// An attribute that it has twice.
    pub fn repeated(&self) -> Option<&str> {
        let names: Vec<_> = self.attributes.iter().map(|(name, _)| &**name).collect();
        names
            .iter()
            .enumerate()
            .find(|(at, name)| names[..*at].contains(name))
            .map(|(_, name)| *name)
    }
}

/// The book from the report of these tests, which has what reports may have.
pub fn pages() -> Result<&'static Pages> {
    static PAGES: LazyLock<Result<Pages>> = LazyLock::new(written);
    PAGES.as_ref().map_err(|error| anyhow!("{error:#}"))
}

fn written() -> Result<Pages> {
    let aside = tempfile::tempdir()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME"));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let report = || measured(&aside.path().join("report.json"));
    book::write(&folder, &Material::gather(Some(report()?))?, Some(&[report()?, report()?]))?;
    let mut pages = Pages { folder, html: BTreeMap::new(), size: 0 };
    let root = pages.folder.clone();
    read(&root, &root, &mut pages)?;
    Ok(pages)
}

/// A report with what a report may have: its numbers are nobody's measurement, and stand in no page but the tests'.
fn measured(file: &Path) -> Result<Measured> {
    let mut report = Report::new(0.05, 6, &[], None);
    let mut row = |name: &str, path: f64, labels: [&str; 2]| {
        let sides = labels.into_iter().zip([0.01, 0.3]).map(|(label, wall)| side(label, wall));
        report.add(Row::new(name, path, sides.collect()).summed_up(), file)
    };
    row("control", 0.0, ["rust", "again"])?;
    row("01-threading/gil", 0.0, ["rust", "python"])?;
    row("01-threading/workers", 0.009, ["rust", "python"])?;
    row("03-asyncio/crawl: 3000 pages, 64 in flight", 0.0, ["rust", "python"])?;
    let mut lacking = Row::new(
        "04-futures/files",
        0.0,
        vec![side("rust", 0.01), Side::new("python", &["python".into()])],
    );
    lacking.sides[1].lack =
        Some(Lack { what: "no boto3".into(), reason: "there is none for it".into() });
    report.add(lacking.summed_up(), file)?;
    let mut failed = Row::new("04-futures/submit", 0.0, vec![side("rust", 0.01)]);
    failed.failure = Some("it ends with 1 & says <nothing>".into());
    report.add(failed, file)?;
    Measured::read(file)
}

fn side(label: &str, wall: f64) -> Side {
    let mut side = Side::new(label, &["program".into(), "an".into(), "argument".into()]);
    let sample = |round: u8| Sample {
        wall: wall * (1.0 + f64::from(round) / 50.0),
        user: wall / 2.0,
        system: 0.0,
        max_rss_kib: 5_000,
        voluntary_switches: 1,
        involuntary_switches: 1,
    };
    side.samples = (0..6).map(sample).collect();
    side
}

fn read(root: &Path, folder: &Path, pages: &mut Pages) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(root, &path, pages)?;
            continue;
        }
        pages.size += path.metadata()?.len();
        if path.extension().is_some_and(|it| it == "html") {
            let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {name}"))?;
            pages.html.insert(name, text);
        }
    }
    Ok(())
}

/// All tags of a page, but for what stands within scripts.
pub fn tags(text: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        if rest.starts_with('!') {
            continue;
        }
        let (tag, after) = tag(rest);
        rest = after;
        if tag.name == "script" && !tag.ends {
            rest = rest.find("</script>").map_or("", |at| &rest[at..]);
        }
        tags.push(tag);
    }
    tags
}

fn tag(text: &str) -> (Tag, &str) {
    let (ends, text) = text.strip_prefix('/').map_or((false, text), |text| (true, text));
    let name_ends = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let mut tag =
        Tag { name: text[..name_ends].into(), attributes: Vec::new(), ends, closes_itself: false };
    let mut rest = text[name_ends..].trim_start();
    loop {
        if let Some(after) = rest.strip_prefix('>') {
            return (tag, after);
        }
        if let Some(after) = rest.strip_prefix("/>") {
            tag.closes_itself = true;
            return (tag, after);
        }
        let end =
            rest.find(|c: char| "=> /".contains(c) || c.is_whitespace()).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        assert!(!name.is_empty(), "not a tag: <{}", text.chars().take(60).collect::<String>());
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let (found, after) = match after.strip_prefix('"') {
                Some(after) => after.split_once('"').expect("an attribute ends"),
                None => after.split_at(after.find(['>', ' ']).expect("a tag ends")),
            };
            value = found.replace("&amp;", "&").replace("&quot;", "\"");
            rest = after;
        }
        tag.attributes.push((name, value));
        rest = rest.trim_start();
    }
}

/// Chromium, where there is one.
pub fn browser() -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    let named =
        |name: &'static str| env::split_paths(&folders).map(move |folder| folder.join(name));
    named("chromium").chain(named("google-chrome")).find(|path| path.is_file())
}
