//! What a notary does in a browser.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use domain::{Decedent, DepartmentSlug, french};
use sandbox::{Browser, Page};

use super::people::FIRST_NOTARY;

/// How long a letter may take.
const LETTER_PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at the answer page.
const PAUSE: Duration = Duration::from_millis(50);

/// A notary who is logged in.
pub(super) struct Notary {
    browser: Browser,
    service: String,
}

/// An answer page.
pub(super) struct Answered {
    /// When the form was sent.
    pub(super) sent: Instant,
    /// When the answer was there.
    pub(super) at: Instant,
    /// « Nos références ».
    pub(super) reference: String,
    /// The outcome in words.
    pub(super) outcome: String,
    page: Page,
}

impl Notary {
    /// Logs in with the identity provider and accepts the terms of use if they are shown.
    pub(super) async fn log_in(service: &str) -> Result<Self> {
        let browser = Browser::new()?;
        let choice = browser.get(format!("{service}/connexion")).await?;
        let people = browser
            .follow(&choice, r#"a[href^="/connexion/notaires"]"#)
            .await?;
        let mut page = browser
            .submit(&people, "form", &[("person", FIRST_NOTARY)])
            .await?;
        if page.url.path() == "/conditions" {
            let accepted = [("acceptation", "oui")];
            page = browser
                .submit(&page, r#"form[action="/conditions"]"#, &accepted)
                .await?;
        }
        ensure!(
            page.status.is_success(),
            "{} answers {}",
            page.url.path(),
            page.status
        );
        let service = service.to_owned();
        Ok(Self { browser, service })
    }

    /// Fills the form and sends it.
    pub(super) async fn ask(&self, department: &DepartmentSlug, decedent: &Decedent) -> Result<Answered> {
        let form = self
            .browser
            .get(format!("{}/demandes/nouvelle", self.service))
            .await?;
        let fields = fields(department, decedent);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let sent = Instant::now();
        let page = self
            .browser
            .submit(&form, r#"form[action="/demandes"][method="post"]"#, &fields)
            .await?;
        let at = Instant::now();
        if !page.url.path().starts_with("/demandes/") || !page.status.is_success() {
            let said = page.texts("[role=alert], .erreur").join(" ");
            bail!("the form was not taken ({}): {said}", page.status);
        }
        let outcome = page.text("[data-reponse]").context("the page shows no answer")?;
        let reference = page
            .text("[data-reference]")
            .context("the page shows no reference")?;
        Ok(Answered {
            sent,
            at,
            reference,
            outcome,
            page,
        })
    }

    /// Reloads the page until the letter is there, and downloads it.
    pub(super) async fn letter(&self, answered: &Answered) -> Result<Vec<u8>> {
        let mut page = answered.page.clone();
        loop {
            if page.attribute(r#"a[href$="/courrier"]"#, "href").is_some() {
                break;
            }
            ensure!(
                answered.sent.elapsed() < LETTER_PATIENCE,
                "no letter within a minute"
            );
            tokio::time::sleep(PAUSE).await;
            page = self.browser.get(page.url.clone()).await?;
        }
        let file = self.browser.follow(&page, r#"a[href$="/courrier"]"#).await?;
        ensure!(file.status.is_success(), "the letter answers {}", file.status);
        ensure!(file.body.starts_with(b"%PDF-"), "the letter is no PDF");
        Ok(file.body)
    }

    /// Logs out, here and at the identity provider.
    pub(super) async fn log_out(&self) -> Result<()> {
        let page = self.browser.get(format!("{}/demandes", self.service)).await?;
        ensure!(page.status.is_success(), "the list answers {}", page.status);
        self.browser
            .submit(&page, r#"form[action="/deconnexion"]"#, &[])
            .await?;
        Ok(())
    }
}

fn fields(department: &DepartmentSlug, decedent: &Decedent) -> Vec<(&'static str, String)> {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let date = |value: chrono::NaiveDate| value.format("%d/%m/%Y").to_string();
    vec![
        ("departements", department.to_string()),
        (
            "nom_naissance",
            text(decedent.birth_name.as_ref().map(|name| name.as_str())),
        ),
        (
            "nom_usage",
            text(decedent.usage_name.as_ref().map(|name| name.as_str())),
        ),
        ("prenoms", decedent.given_names.to_string()),
        ("sexe", text(decedent.sex.map(|sex| sex.code()))),
        ("naissance_date", french::form_date(decedent.birth_date)),
        (
            "naissance_lieu",
            text(decedent.birth_place.as_ref().map(|place| place.as_str())),
        ),
        ("deces_date", date(decedent.death_date)),
        (
            "deces_lieu",
            text(decedent.death_place.as_ref().map(|place| place.as_str())),
        ),
        (
            "acte_date",
            decedent.death_certificate_date.map(date).unwrap_or_default(),
        ),
        ("reference", "DEMO/2026".to_owned()),
        ("attestation", "oui".to_owned()),
    ]
}
