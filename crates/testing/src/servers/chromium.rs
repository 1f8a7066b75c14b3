//! Chromium without a screen, driven over WebDriver.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use sandbox::{Companion, Ending};
use serde_json::json;
use tempfile::TempDir;

use super::accessibility::{self, Violation};
use super::{screenshots, tool};

/// A browser with an empty profile of its own. It is closed when this is dropped.
#[derive(Debug)]
pub struct Chromium {
    /// The WebDriver session: pages are opened, found and clicked through it.
    pub page: Client,
    driver: Companion,
    _home: TempDir,
}

impl Chromium {
    /// Starts a browser in French with a window of 1280 × 900. Takes about a second.
    ///
    /// # Errors
    /// Debian's `chromium` and `chromium-driver` are not installed, or do not start.
    pub async fn start() -> Result<Self> {
        let home = tempfile::Builder::new().prefix("dn-chromium-").tempdir()?;
        let mut command = Command::new(program("chromedriver")?);
        command
            .args(["--port=0", "--log-level=SEVERE"])
            .env("HOME", home.path())
            .env("TMPDIR", home.path());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let remove = home.path().to_owned();
        let mut driver = Companion::spawn(&mut command, Ending::Group, Some(remove))?;
        let said = driver.child().stdout.take().context("no stdout")?;
        let port = tokio::task::spawn_blocking(move || announced_port(BufReader::new(said))).await??;
        let page = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(home.path())?)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await?;
        Ok(Self {
            page,
            driver,
            _home: home,
        })
    }

    /// Keeps a picture of the whole page as `target/screenshots/<name>.png`.
    ///
    /// # Errors
    /// The browser or the folder does not answer.
    pub async fn screenshot(&self, name: &str) -> Result<PathBuf> {
        let script = "return [window.innerWidth, window.outerHeight - window.innerHeight + document.documentElement.scrollHeight]";
        let wanted = self.page.execute(script, vec![]).await?;
        let (x, y, width, height) = self.page.get_window_rect().await.map(rect)?;
        let tall = wanted[1]
            .as_u64()
            .and_then(|wanted| u32::try_from(wanted).ok())
            .unwrap_or(height);
        self.page
            .set_window_rect(x, y, width, tall.clamp(height, 8_000))
            .await?;
        let picture = self.page.screenshot().await?;
        self.page.set_window_rect(x, y, width, height).await?;
        let file = screenshots()?.join(format!("{name}.png"));
        fs::write(&file, picture)?;
        Ok(file)
    }

    /// What axe-core finds against WCAG 2.1 AA on the page shown.
    ///
    /// # Errors
    /// axe-core is not installed, or fails.
    pub async fn violations(&self) -> Result<Vec<Violation>> {
        let axe = fs::read_to_string(tool("npm/node_modules/axe-core/axe.min.js")?)?;
        self.page.execute(&axe, vec![]).await?;
        let answer = self.page.execute_async(accessibility::RUN, vec![]).await?;
        accessibility::read(&answer).with_context(|| format!("axe failed: {answer}"))
    }

    /// Fails, naming every rule and element, unless the page shown keeps WCAG 2.1 AA.
    ///
    /// # Errors
    /// As [`Chromium::violations`], or there are violations.
    pub async fn check_accessibility(&self) -> Result<()> {
        let found = self.violations().await?;
        if found.is_empty() {
            return Ok(());
        }
        let list: Vec<String> = found.iter().map(ToString::to_string).collect();
        bail!(
            "{} is not accessible:\n{}",
            self.page.current_url().await?,
            list.join("\n")
        );
    }

    /// Closes the browser.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn close(mut self) -> Result<()> {
        self.page.clone().close().await?;
        tokio::task::spawn_blocking(move || self.driver.stop()).await?
    }
}

fn rect((x, y, width, height): (u64, u64, u64, u64)) -> (u32, u32, u32, u32) {
    let small = |number| u32::try_from(number).unwrap_or_default();
    (small(x), small(y), small(width), small(height))
}

fn announced_port(mut output: impl BufRead) -> Result<u16> {
    let mut line = String::new();
    while output.read_line(&mut line)? > 0 {
        if let Some((_, port)) = line.trim_end().rsplit_once("started successfully on port ") {
            return Ok(port.trim_end_matches('.').parse()?);
        }
        line.clear();
    }
    bail!("chromedriver did not start")
}

fn program(name: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.exists())
        .with_context(|| format!("{name} is missing: `cargo xtask test` installs it"))
}

fn capabilities(home: &Path) -> Result<serde_json::Map<String, serde_json::Value>> {
    let profile = format!("--user-data-dir={}", home.join("profile").display());
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--lang=fr",
        "--accept-lang=fr",
        "--window-size=1280,900",
        &profile,
    ];
    let preferences = json!({
        "download.default_directory": home.join("downloads"),
        "plugins.always_open_pdf_externally": true,
    });
    let capabilities = json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "binary": program("chromium")?, "args": arguments, "prefs": preferences },
    });
    capabilities.as_object().cloned().context("not an object")
}
