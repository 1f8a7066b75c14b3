//! What a notary does in a browser.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use domain::{Decedent, DepartmentSlug, Outcome, french};
use sandbox::{Browser, Page};

/// How long a letter may take.
const LETTER_PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at the answer page.
const PAUSE: Duration = Duration::from_millis(60);

/// A notary who is logged in.
pub(in crate::commands) struct Notary {
    pub(in crate::commands) browser: Browser,
    pub(in crate::commands) service: String,
}

/// The page of the answers to one form.
pub(super) struct Answers {
    /// When the form was sent.
    pub(super) sent: Instant,
    /// When the answers were there.
    pub(super) at: Instant,
    page: Page,
}

/// What one département answers on it.
pub(super) struct Answer {
    /// « Nos références ».
    pub(super) reference: String,
    /// The outcome.
    pub(super) outcome: Outcome,
}

impl Notary {
    /// Logs in with the identity provider and accepts the terms of use if they are shown.
    pub(in crate::commands) async fn log_in(service: &str, subject: &str) -> Result<Self> {
        let browser = Browser::new()?;
        let choice = browser.get(format!("{service}/connexion")).await?;
        let people = browser
            .follow(&choice, r#"a[href^="/connexion/notaires"]"#)
            .await?;
        let mut page = browser.submit(&people, "form", &[("person", subject)]).await?;
        if page.url.path() == "/conditions" {
            let accepted = [("acceptation", "oui")];
            page = browser
                .submit(&page, r#"form[action="/conditions"]"#, &accepted)
                .await?;
        }
        ensure!(
            page.status.is_success() && page.form(LOGOUT).is_ok(),
            "{} answers {} and nobody is logged in",
            page.url.path(),
            page.status
        );
        let service = service.to_owned();
        Ok(Self { browser, service })
    }

    /// Fills the form, ticking these départements, and sends it.
    pub(super) async fn ask(&self, departments: &[&DepartmentSlug], decedent: &Decedent) -> Result<Answers> {
        let form = self
            .browser
            .get(format!("{}/demandes/nouvelle", self.service))
            .await?;
        let fields = fields(departments, decedent);
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
            let said = page.texts("#bilan li, h1").join(" ");
            bail!("the form was not taken ({}): {said}", page.status);
        }
        Ok(Answers { sent, at, page })
    }

    /// Reloads the page until the letter of a département is there, and downloads it.
    pub(super) async fn letter(&self, answers: &Answers, department: &DepartmentSlug) -> Result<Vec<u8>> {
        let link = format!(r#"#reponse-{department} a[href$="/courrier"]"#);
        let mut page = answers.page.clone();
        while page.attribute(&link, "href").is_none() {
            ensure!(
                answers.sent.elapsed() < LETTER_PATIENCE,
                "no letter within a minute"
            );
            tokio::time::sleep(PAUSE).await;
            page = self.browser.get(page.url.clone()).await?;
        }
        let file = self.browser.follow(&page, &link).await?;
        ensure!(file.status.is_success(), "the letter answers {}", file.status);
        ensure!(file.body.starts_with(b"%PDF-"), "the letter is no PDF");
        Ok(file.body)
    }

    /// Looks at « Mes demandes », then logs out, here and at the identity provider.
    pub(in crate::commands) async fn log_out(&self) -> Result<()> {
        let list = self.browser.get(format!("{}/demandes", self.service)).await?;
        ensure!(list.status.is_success(), "the list answers {}", list.status);
        self.browser.submit(&list, LOGOUT, &[]).await?;
        let after = self.browser.get(format!("{}/demandes", self.service)).await?;
        ensure!(after.form(LOGOUT).is_err(), "still logged in");
        Ok(())
    }
}

/// The form that logs out stands on every page of somebody who is logged in.
const LOGOUT: &str = r#"form[action="/deconnexion"]"#;

impl Answers {
    /// What a département answers.
    pub(super) fn of(&self, department: &DepartmentSlug) -> Result<Answer> {
        let article = format!("#reponse-{department}");
        let class = self.page.attribute(&format!("{article} .issue"), "class");
        let class = class.context("the page shows no answer")?;
        let mut codes = class
            .split_whitespace()
            .filter_map(|name| name.strip_prefix("issue-"));
        let outcome = codes.find_map(Outcome::from_code);
        let reference = self.page.text(&format!("{article} dd.code"));
        Ok(Answer {
            reference: reference.context("the page shows no reference")?,
            outcome: outcome.context("the page shows an answer that does not exist")?,
        })
    }
}

/// What is typed into the form.
pub(in crate::commands) fn fields(
    departments: &[&DepartmentSlug],
    decedent: &Decedent,
) -> Vec<(&'static str, String)> {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let date = |value: chrono::NaiveDate| value.format("%d/%m/%Y").to_string();
    let place = |place: &Option<domain::Place>| text(place.as_ref().map(|place| place.as_str()));
    let name = |name: &Option<domain::FamilyName>| text(name.as_ref().map(|name| name.as_str()));
    let certificate = decedent.death_certificate_date;
    let mut fields: Vec<(&'static str, String)> = departments
        .iter()
        .map(|slug| ("departements", slug.to_string()))
        .collect();
    fields.extend([
        ("nom_naissance", name(&decedent.birth_name)),
        ("nom_usage", name(&decedent.usage_name)),
        ("prenoms", decedent.given_names.to_string()),
        ("sexe", text(decedent.sex.map(|sex| sex.code()))),
        ("naissance_date", french::form_date(decedent.birth_date)),
        ("naissance_lieu", place(&decedent.birth_place)),
        ("deces_date", date(decedent.death_date)),
        ("deces_lieu", place(&decedent.death_place)),
        ("acte_date", certificate.map(date).unwrap_or_default()),
        ("reference", "DEMO/2026".to_owned()),
        ("attestation", "oui".to_owned()),
    ]);
    fields
}
