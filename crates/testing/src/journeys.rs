//! What people do, as their browser does it.

use anyhow::{Context, Result, ensure};
use sandbox::{Browser, Page};
use url::Url;

use crate::people::TestDecedent;

/// The application, as people reach it.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its address: `http://127.0.0.1:PORT/`.
    pub url: Url,
}

impl Site {
    /// A whole address.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url.as_str().trim_end_matches('/'))
    }

    /// Logs in with a provider as this person, from a page that needs it or from the start; where that ends is returned.
    ///
    /// # Errors
    /// When a step is not possible.
    pub async fn log_in(&self, browser: &Browser, provider: &str, subject: &str) -> Result<Page> {
        let choice = browser.get(self.at(&format!("/connexion/{provider}"))).await?;
        self.pick(browser, &choice, subject).await
    }

    /// Picks a person on the provider's page.
    ///
    /// # Errors
    /// When the page is not the provider's.
    pub async fn pick(&self, browser: &Browser, page: &Page, subject: &str) -> Result<Page> {
        ensure!(
            page.form("form").is_ok(),
            "{} has no choice of people: {}",
            page.url,
            page.html()
        );
        browser.submit(page, "form", &[("person", subject)]).await
    }

    /// A browser in which this notary is logged in, terms accepted.
    ///
    /// # Errors
    /// When a step is not possible.
    pub async fn notary(&self, subject: &str) -> Result<Browser> {
        let browser = Browser::new()?;
        let page = self.log_in(&browser, "idnot", subject).await?;
        if page.url.path() == "/conditions" {
            let accepted = browser
                .submit(&page, "main form", &[("acceptation", "oui")])
                .await?;
            ensure!(
                accepted.status.is_success(),
                "the terms cannot be accepted: {}",
                accepted.html()
            );
        }
        Ok(browser)
    }

    /// A browser in which this agent is logged in.
    ///
    /// # Errors
    /// When a step is not possible.
    pub async fn agent(&self, subject: &str) -> Result<Browser> {
        let browser = Browser::new()?;
        let page = self.log_in(&browser, "proconnect", subject).await?;
        ensure!(
            page.url.path().starts_with("/departements"),
            "not logged in: {}",
            page.html()
        );
        Ok(browser)
    }

    /// Fills and sends the form of an inquiry; returns the page of the answers.
    ///
    /// # Errors
    /// When a step is not possible.
    pub async fn ask(
        &self,
        browser: &Browser,
        departments: &[&str],
        decedent: &TestDecedent,
        reference: &str,
    ) -> Result<Page> {
        let form = browser.get(self.at("/demandes/nouvelle")).await?;
        let mut fields: Vec<(&str, &str)> = departments.iter().map(|slug| ("departements", *slug)).collect();
        fields.extend(decedent.fields());
        fields.push(("reference", reference));
        browser
            .submit(&form, "main form", &fields)
            .await
            .context("the form of an inquiry")
    }
}

impl TestDecedent {
    /// The fields of the form about this person, and the attestation.
    pub fn fields(&self) -> [(&'static str, &'static str); 5] {
        [
            ("nom_naissance", self.birth_name),
            ("prenoms", self.given_names),
            ("naissance_date", self.birth_date),
            ("deces_date", "02/04/2026"),
            ("attestation", "oui"),
        ]
    }
}
