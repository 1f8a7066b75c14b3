//! A notary over HTTP, as a browser would, but without reading more of a page than needed: on a small machine the one
//! who asks takes time from the one who answers.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use domain::{Decedent, DepartmentSlug};
use sandbox::Page;

use crate::commands::demo::browse::{Notary, fields};

/// How long a letter may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// One complete inquiry.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// The form: asked for and received.
    pub(super) form: Duration,
    /// From sending the form to the redirect that follows the commit.
    pub(super) decided: Duration,
    /// From sending the form to holding the letter.
    pub(super) letter: Duration,
    /// Outcome, as the page has it.
    pub(super) outcome: String,
}

/// Somebody who is logged in.
pub(super) struct Visitor(Notary);

impl Visitor {
    pub(super) async fn log_in(service: &str, subject: &str) -> Result<Self> {
        Ok(Self(Notary::log_in(service, subject).await?))
    }

    pub(super) async fn log_out(&self) -> Result<()> {
        self.0.log_out().await
    }

    /// Asks for the form, sends it, waits for the letter looking every `pause`, downloads it.
    pub(super) async fn ask(
        &self,
        department: &DepartmentSlug,
        decedent: &Decedent,
        pause: Duration,
    ) -> Result<Asked> {
        let begun = Instant::now();
        let page = self.get("/demandes/nouvelle").await?;
        let form = begun.elapsed();
        let sent = Instant::now();
        let answers = self.send(&page, department, decedent).await?;
        let decided = sent.elapsed();
        let page = self.get(&answers).await?.html();
        let outcome = between(&page, "class=\"issue issue-", "\"").context("the page shows no answer")?;
        let inquiry = between(&page, "id=\"courrier-", "\"").context("the page shows no letter")?;
        self.letter(&format!("{answers}/{inquiry}/courrier"), sent, pause)
            .await?;
        Ok(Asked {
            form,
            decided,
            letter: sent.elapsed(),
            outcome: outcome.to_owned(),
        })
    }

    /// Sends the form; where the answers will be.
    async fn send(&self, form: &Page, department: &DepartmentSlug, decedent: &Decedent) -> Result<String> {
        let html = form.html();
        let hidden = |name: &str| {
            let begin = format!("name=\"{name}\" value=\"");
            between(&html, &begin, "\"").with_context(|| format!("the form has no field {name}"))
        };
        let mut all = vec![("csrf", hidden("csrf")?), ("demande", hidden("demande")?)];
        let typed = fields(&[department], decedent);
        all.extend(typed.iter().map(|(name, value)| (*name, value.as_str())));
        let url = format!("{}/demandes", self.0.service);
        let answer = self.0.browser.post_still(url, &all).await?;
        ensure!(
            answer.status == 303,
            "the form was not taken ({}): {}",
            answer.status,
            answer.texts("#bilan li, h1").join(" ")
        );
        answer
            .header("location")
            .map(str::to_owned)
            .context("nowhere to go")
    }

    async fn letter(&self, path: &str, sent: Instant, pause: Duration) -> Result<()> {
        let url = format!("{}{path}", self.0.service);
        loop {
            let page = self.0.browser.get_still(&url).await?;
            if page.status == 200 {
                ensure!(page.body.starts_with(b"%PDF-"), "the letter is no PDF");
                return Ok(());
            }
            ensure!(page.status == 303, "the letter answers {}", page.status);
            ensure!(sent.elapsed() < PATIENCE, "no letter within a minute");
            tokio::time::sleep(pause).await;
        }
    }

    async fn get(&self, path: &str) -> Result<Page> {
        let url = format!("{}{path}", self.0.service);
        let page = self.0.browser.get_still(url).await?;
        ensure!(page.status == 200, "a page answers {}", page.status);
        Ok(page)
    }
}

/// What stands between two texts.
fn between<'t>(text: &'t str, begin: &str, end: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(begin)?;
    Some(rest.split_once(end)?.0)
}
