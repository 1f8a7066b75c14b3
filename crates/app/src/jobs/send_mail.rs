//! Sends a mail of the outbox. Stopped between sending and recording, it is sent again under the same Message-ID.

use chrono::Utc;
use db::jobs::JobError;
use db::{Actor, InquiryRow, MailKind, MailRow};
use domain::{DepartmentSlug, MailId, Outcome};
use views::RenderedMail;
use views::mails::{AnswerReady, ServiceNotice};

use super::retry;
use crate::audit::entry;
use crate::timing::{Laps, timed};
use crate::{App, AppError, SendError};

pub(super) async fn run(app: &App, slug: &DepartmentSlug, id: MailId) -> Result<(), JobError> {
    let mut laps = Laps::start();
    let found = load(app, slug, id).await.map_err(|error| retry(&error))?;
    let (mail, inquiry) = found.ok_or_else(|| JobError::Fail("there is no such mail".to_owned()))?;
    if mail.sent_at.is_some() {
        return Ok(());
    }
    let contents = write(app, slug, &mail, &inquiry)
        .await
        .map_err(|error| retry(&error))?;
    let write = laps.lap();
    let sent = app
        .inner
        .edges
        .mailer
        .send(mail.id, &mail.recipient, &contents)
        .await;
    sent.map_err(|error| match error {
        SendError::Permanent(reason) => JobError::Fail(reason),
        SendError::Temporary(reason) => JobError::Retry(reason),
    })?;
    let send = laps.lap();
    record(app, slug, &mail).await.map_err(|error| retry(&error))?;
    let record = laps.lap();
    timed!(write, send, record, "mail");
    Ok(())
}

async fn load(
    app: &App,
    slug: &DepartmentSlug,
    id: MailId,
) -> Result<Option<(MailRow, InquiryRow)>, AppError> {
    let mut tx = app.db().tenant(slug).await?;
    let Some(mail) = tx.mails().by_id(id).await? else {
        return Ok(None);
    };
    let inquiry = tx.inquiries().by_id(mail.inquiry).await?;
    let inquiry = inquiry.ok_or(AppError::Inconsistent("the inquiry of a mail is missing"))?;
    Ok(Some((mail, inquiry)))
}

async fn write(
    app: &App,
    slug: &DepartmentSlug,
    mail: &MailRow,
    row: &InquiryRow,
) -> Result<RenderedMail, AppError> {
    let department = app.department_of(slug).await?.official_name;
    let reference = row.inquiry.reference.clone();
    let outcome = row.decision.as_ref().map(|decision| decision.outcome);
    let outcome = outcome.ok_or(AppError::Inconsistent("an inquiry has no decision"))?;
    let views = &app.inner.edges.views;
    let rendered = match mail.kind {
        MailKind::AnswerReady => views.mail(&AnswerReady {
            recipient: row.inquiry.asker.name.clone(),
            department,
            reference,
            examining: outcome == Outcome::Ambiguous,
            link: app.link(&format!("/demandes/{}", row.inquiry.submission)),
        }),
        MailKind::ServiceNotice => views.mail(&ServiceNotice {
            department,
            reference,
            outcome,
            link: app.link(&format!("/departements/{slug}")),
        }),
    };
    rendered.map_err(|_| AppError::Inconsistent("a mail cannot be written from its template"))
}

async fn record(app: &App, slug: &DepartmentSlug, mail: &MailRow) -> Result<(), AppError> {
    let now = Utc::now();
    let mut tx = app.db().tenant(slug).await?;
    if tx.mails().mark_sent(mail.id, now).await? {
        tx.audit()
            .record(&entry(Actor::System, "mail.sent", mail.id, now))
            .await?;
    }
    Ok(tx.save().await?)
}
