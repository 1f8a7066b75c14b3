//! The main job through HTTP, as a browser does it: every outcome a register can give.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use app::tenants::TenantFolder;
use connectors::questions::{self, Question};
use domain::{DepartmentSlug, Outcome};
use sandbox::{CaughtMail, MailCatcher};

use super::browse::{Answers, Notary};
use super::folder::Folder;
use super::people::{FIRST_NOTARY, FIRST_NOTARY_EMAIL};
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
    /// « Nos références ».
    pub(super) reference: String,
    pub(super) expected: Outcome,
    /// Outcome the page shows.
    pub(super) answered: Outcome,
    /// From sending the form to seeing the answer.
    pub(super) to_answer: Duration,
    /// From sending the form to holding the PDF.
    pub(super) to_letter: Duration,
    /// The PDF.
    pub(super) letter: PathBuf,
    /// Mails that came: to the notary, and to the service where one must.
    pub(super) mails: usize,
    /// Where the service gets its mail.
    mailbox: String,
}

impl Done {
    /// Outcome and mails are what they must be.
    pub(super) fn as_expected(&self) -> bool {
        self.answered == self.expected && self.mails == self.mails_expected()
    }

    fn mails_expected(&self) -> usize {
        1 + usize::from(self.expected.notifies_service())
    }
}

/// One form: the same deceased, asked of one or several départements.
struct Form<'a> {
    questions: Vec<(&'a TenantFolder, Question)>,
}

pub(super) async fn run(folder: &Folder, servers: &Servers, tenants: &[TenantFolder]) -> Result<Vec<Done>> {
    let forms = forms(tenants)?;
    ensure!(!forms.is_empty(), "no département has a demo.toml");
    let notary = Notary::log_in(&servers.public_url, FIRST_NOTARY)
        .await
        .context("the login failed")?;
    let bar = output::bar("Asking");
    bar.set_length(forms.len() as u64);
    let mut done = Vec::new();
    for form in &forms {
        done.extend(ask(folder, &notary, form).await?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    for one in &mut done {
        one.mails = mails(&servers.mail, one).await;
    }
    notary.log_out().await.context("the logout failed")?;
    Ok(done)
}

/// Every question of every département; the same deceased person in several is asked with one form.
fn forms(tenants: &[TenantFolder]) -> Result<Vec<Form<'_>>> {
    let mut forms: Vec<Form<'_>> = Vec::new();
    for tenant in tenants {
        for question in questions_of(tenant)? {
            let same = |form: &&mut Form<'_>| {
                let fresh = form.questions.iter().all(|(other, _)| other.slug != tenant.slug);
                fresh && form.questions[0].1.decedent == question.decedent
            };
            match forms.iter_mut().find(same) {
                Some(form) => form.questions.push((tenant, question)),
                None => forms.push(Form {
                    questions: vec![(tenant, question)],
                }),
            }
        }
    }
    Ok(forms)
}

fn questions_of(tenant: &TenantFolder) -> Result<Vec<Question>> {
    let file = tenant.path.join("demo.toml");
    if !file.is_file() {
        return Ok(vec![]);
    }
    let text = std::fs::read_to_string(&file)?;
    questions::parse(&text).with_context(|| format!("{} cannot be read", file.display()))
}

async fn ask(folder: &Folder, notary: &Notary, form: &Form<'_>) -> Result<Vec<Done>> {
    let slugs: Vec<&DepartmentSlug> = form.questions.iter().map(|(tenant, _)| &tenant.slug).collect();
    let decedent = &form.questions[0].1.decedent;
    let asked = notary.ask(&slugs, decedent).await;
    let answers = asked.with_context(|| format!("asked: {}", form.questions[0].1.title))?;
    let mut done = Vec::new();
    for (tenant, question) in &form.questions {
        let one = collect(folder, notary, &answers, tenant, question).await;
        let name = &tenant.settings.identity.name;
        done.push(one.with_context(|| format!("{name}: {}", question.title))?);
    }
    Ok(done)
}

/// What one département answered, with its letter.
async fn collect(
    folder: &Folder,
    notary: &Notary,
    answers: &Answers,
    tenant: &TenantFolder,
    question: &Question,
) -> Result<Done> {
    let answer = answers.of(&tenant.slug)?;
    let pdf = notary.letter(answers, &tenant.slug).await?;
    let to_letter = answers.sent.elapsed();
    let letter = folder.sub("courriers")?.join(format!("{}.pdf", answer.reference));
    std::fs::write(&letter, pdf)?;
    Ok(Done {
        title: question.title.clone(),
        department: tenant.settings.identity.name.clone(),
        reference: answer.reference,
        expected: question.expect,
        answered: answer.outcome,
        to_answer: answers.at.duration_since(answers.sent),
        to_letter,
        letter,
        mails: 0,
        mailbox: tenant.settings.recovery.mailbox.clone(),
    })
}

/// Waits for the mails that must come and counts those that did.
async fn mails(catcher: &MailCatcher, done: &Done) -> usize {
    let about = |mail: &CaughtMail| {
        let text = mail.text.as_deref().unwrap_or_default();
        mail.subject.contains(&done.reference) || text.contains(&done.reference)
    };
    let count = || {
        let to_both = [FIRST_NOTARY_EMAIL, &done.mailbox].map(|address| catcher.mails_to(address));
        to_both.iter().flatten().filter(|mail| about(mail)).count()
    };
    let begun = Instant::now();
    while count() < done.mails_expected() && begun.elapsed() < MAIL_PATIENCE {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    count()
}
