//! The hand on the browser, and the eye.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use dn_testing::TestApp;
use dn_testing::people::DECEDENTS;
use dn_testing::servers::Chromium;
use fantoccini::Locator;

/// Widest page of a phone that is still sold.
const PHONE: u32 = 360;
const DESK: u32 = 1280;

/// Somebody in front of Chromium.
pub(crate) struct Journey<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) chromium: Chromium,
}

impl Journey<'_> {
    pub(crate) async fn open(&self, path: &str) -> Result<()> {
        Ok(self.chromium.page.goto(&self.app.at(path)).await?)
    }

    pub(crate) async fn click(&self, css: &str) -> Result<()> {
        self.chromium
            .page
            .find(Locator::Css(css))
            .await
            .context(css.to_owned())?
            .click()
            .await
            .context(css.to_owned())
    }

    pub(crate) async fn fill(&self, id: &str, text: &str) -> Result<()> {
        let field = self
            .chromium
            .page
            .find(Locator::Id(id))
            .await
            .context(id.to_owned())?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// In one step: elements found one by one go stale when the page renews itself.
    pub(crate) async fn texts(&self, css: &str) -> Result<Vec<String>> {
        let script =
            "return Array.from(document.querySelectorAll(arguments[0]), element => element.innerText)";
        let found = self.chromium.page.execute(script, vec![css.into()]).await?;
        Ok(serde_json::from_value(found)?)
    }

    /// Path and query of the page shown. No address ever holds what was typed of a person.
    pub(crate) async fn path(&self) -> Result<String> {
        let address = self.chromium.page.current_url().await?;
        let shown = address.as_str().to_lowercase();
        for decedent in &DECEDENTS {
            ensure!(
                !shown.contains(&decedent.birth_name.to_lowercase()),
                "a name in an address: {address}"
            );
        }
        Ok(address[url::Position::BeforePath..].to_owned())
    }

    /// A click may return before the next page is there.
    pub(crate) async fn arrive(&self, at: &str, there: impl Fn(&str) -> bool) -> Result<String> {
        let started = Instant::now();
        loop {
            let path = self.path().await?;
            if there(&path) {
                return Ok(path);
            }
            ensure!(
                started.elapsed() < Duration::from_secs(30),
                "wanted {at}, still on {path}"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// axe-core and a picture at both widths; nothing may stick out of a phone.
    pub(crate) async fn look(&self, name: &str) -> Result<()> {
        for (width, device) in [(PHONE, "telephone"), (DESK, "bureau")] {
            self.chromium.page.set_window_size(width, 900).await?;
            self.chromium
                .check_accessibility()
                .await
                .with_context(|| format!("{name} ({device})"))?;
            self.chromium.screenshot(&format!("{name}-{device}")).await?;
            let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
            let excess = self.chromium.page.execute(wide, vec![]).await?;
            ensure!(
                excess.as_i64() == Some(0),
                "{name} is {excess} px too wide for {device}"
            );
        }
        Ok(())
    }
}
