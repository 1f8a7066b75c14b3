//! The main job through HTTP, as a browser does it: one inquiry for each outcome a register can give.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use app::tenants::TenantFolder;
use connectors::questions::{self, Question};
use domain::Outcome;
use indicatif::ProgressBar;
use sandbox::{CaughtMail, MailCatcher};

use super::browse::{Answered, Notary};
use super::folder::Folder;
use super::people::FIRST_NOTARY_EMAIL;
use super::servers::Servers;
use crate::output;

/// How long a mail may take: it leaves once the letter is stored.
const MAIL_PATIENCE: Duration = Duration::from_secs(20);

/// An inquiry that was made.
pub(super) struct Done {
    /// What it shows.
    pub(super) title: String,
    /// Name of the département.
    pub(super) department: String,
    pub(super) expected: Outcome,
    /// Outcome the page shows.
    pub(super) answered: String,
    /// From sending the form to seeing the answer.
    pub(super) to_answer: Duration,
    /// From sending the form to holding the PDF.
    pub(super) to_letter: Duration,
    /// The PDF.
    pub(super) letter: PathBuf,
    /// Mails that came: to the notary, and to the service where one must.
    pub(super) mails: usize,
}

impl Done {
    /// Outcome and mails are what they must be.
    pub(super) fn as_expected(&self) -> bool {
        self.answered == self.expected.label() && self.mails == mails_expected(self.expected)
    }
}

fn mails_expected(outcome: Outcome) -> usize {
    1 + usize::from(outcome.notifies_service())
}

pub(super) async fn run(folder: &Folder, servers: &Servers, tenants: &[TenantFolder]) -> Result<Vec<Done>> {
    let notary = Notary::log_in(&servers.public_url)
        .await
        .context("the login failed")?;
    let mut work: Vec<(&TenantFolder, Question)> = Vec::new();
    for tenant in tenants {
        work.extend(
            questions_of(tenant)?
                .into_iter()
                .map(|question| (tenant, question)),
        );
    }
    ensure!(!work.is_empty(), "no département has a demo.toml");
    let bar = output::bar("Asking");
    bar.set_length(work.len() as u64);
    let mut done = Vec::new();
    for (tenant, question) in work {
        let asked = ask(folder, servers, &notary, tenant, &question).await;
        let name = &tenant.settings.identity.name;
        done.push(asked.with_context(|| format!("{name}: {}", question.title))?);
        bar.inc(1);
    }
    finish(&bar, &notary).await?;
    Ok(done)
}

fn questions_of(tenant: &TenantFolder) -> Result<Vec<Question>> {
    let file = tenant.path.join("demo.toml");
    if !file.is_file() {
        return Ok(vec![]);
    }
    let text = std::fs::read_to_string(&file)?;
    questions::parse(&text).with_context(|| format!("{} cannot be read", file.display()))
}

async fn ask(
    folder: &Folder,
    servers: &Servers,
    notary: &Notary,
    tenant: &TenantFolder,
    question: &Question,
) -> Result<Done> {
    let begun = Instant::now();
    let answered = notary.ask(&tenant.slug, &question.decedent).await?;
    let to_answer = answered.at.duration_since(answered.sent);
    let pdf = notary.letter(&answered).await?;
    let to_letter = answered.sent.elapsed();
    let letter = folder
        .sub("courriers")?
        .join(format!("{}.pdf", answered.reference));
    std::fs::write(&letter, pdf)?;
    let mails = mails(&servers.mail, tenant, &answered, question.expect).await;
    tracing::debug!(elapsed = ?begun.elapsed(), "asked");
    Ok(Done {
        title: question.title.clone(),
        department: tenant.settings.identity.name.clone(),
        expected: question.expect,
        answered: answered.outcome,
        to_answer,
        to_letter,
        letter,
        mails,
    })
}

/// Waits for the mails that must come and counts those that did.
async fn mails(
    catcher: &MailCatcher,
    tenant: &TenantFolder,
    answered: &Answered,
    expected: Outcome,
) -> usize {
    let about = |mail: &CaughtMail| {
        mail.subject.contains(&answered.reference)
            || mail
                .text
                .as_ref()
                .is_some_and(|text| text.contains(&answered.reference))
    };
    let count = || {
        let service = &tenant.settings.recovery.mailbox;
        let to_both = [FIRST_NOTARY_EMAIL, service].map(|address| catcher.mails_to(address));
        to_both.iter().flatten().filter(|mail| about(mail)).count()
    };
    let begun = Instant::now();
    while count() < mails_expected(expected) && begun.elapsed() < MAIL_PATIENCE {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    count()
}

/// The list holds what was asked, and the person leaves.
async fn finish(bar: &ProgressBar, notary: &Notary) -> Result<()> {
    notary.log_out().await.context("the logout failed")?;
    bar.finish_and_clear();
    Ok(())
}
