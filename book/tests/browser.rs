//! The book in a browser, chromium, where there is one: narrow, searched, sorted, and without an error.

mod made;

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use made::{browser, pages};

/// Far more than it takes: it ends a hang.
const LIMIT: Duration = Duration::from_secs(240);

/// Opens every page in a frame of 400 px, and tries search, theme, pages and sorting; what it finds stands in its title.
const VISIT: &str = include_str!("made/visit.html");

#[test]
fn every_page_fits_400_px_and_makes_no_error() -> Result<()> {
    let Some(browser) = browser() else {
        eprintln!("not tested in a browser: there is no chromium (apt install chromium)");
        return Ok(());
    };
    let made::Pages { folder, html, .. } = pages()?;
    let names: Vec<_> = html.keys().collect();
    let visit = folder.join("visit-all.html");
    fs::write(&visit, VISIT.replace("PAGES", &serde_json::to_string(&names)?))?;
    let profile = tempfile::tempdir()?;
    let (out, log) = (profile.path().join("out"), profile.path().join("log"));
    let mut command = Command::new(browser);
    command.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--allow-file-access-from-files",
        "--dump-dom",
    ]);
    command.args([
        "--enable-logging=stderr",
        "--disable-background-networking",
        "--disable-component-update",
    ]);
    command.args(["--virtual-time-budget=600000", "--window-size=1440,900"]);
    command.arg(format!("--user-data-dir={}", profile.path().display())).arg(&visit);
    command.stdin(Stdio::null()).stdout(fs::File::create(&out)?).stderr(fs::File::create(&log)?);
    let mut child = command.spawn().context("cannot start chromium")?;
    let begin = Instant::now();
    while child.try_wait()?.is_none() {
        if begin.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            anyhow::bail!("chromium did not end: {}", fs::read_to_string(&log)?);
        }
        thread::sleep(Duration::from_millis(50));
    }
    let (dom, log) = (fs::read_to_string(&out)?, fs::read_to_string(&log)?);
    fs::remove_file(visit)?;
    let said =
        dom.split_once("<pre id=\"report\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    let (report, _) = said.with_context(|| format!("no report; chromium says: {log}"))?;
    let end = format!("{} pages visited", names.len());
    ensure!(report.trim() == end, "{report}");
    let errors: Vec<_> = log.lines().filter(|line| line.contains("CONSOLE")).collect();
    ensure!(errors.is_empty(), "{errors:#?}");
    Ok(())
}
