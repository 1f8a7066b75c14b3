//! Sends a mail of the outbox. Stopped between sending and recording, it is sent again under the same Message-ID.

use chrono::Utc;
use db::jobs::JobError;
use db::{Actor, AlertRow, InquiryRow, MailKind, MailRow, TenantTx};
use domain::{Action, DepartmentSlug, MailId, Outcome};
use views::RenderedMail;
use views::mails::{Alert, AnswerReady, ServiceNotice};

use super::retry;
use crate::audit::entry;
use crate::timing::{Laps, timed};
use crate::{App, AppError, SendError};

pub(super) async fn run(app: &App, slug: &DepartmentSlug, id: MailId) -> Result<(), JobError> {
    let mut laps = Laps::start();
    let found = load(app, slug, id).await.map_err(|error| retry(&error))?;
    let (mail, subject) = found.ok_or_else(|| JobError::Fail("there is no such mail".to_owned()))?;
    if mail.sent_at.is_some() {
        return Ok(());
    }
    let contents = write(app, slug, &mail, &subject)
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
        SendError::Away(reason) => JobError::Away(reason),
    })?;
    let send = laps.lap();
    record(app, slug, &mail).await.map_err(|error| retry(&error))?;
    let record = laps.lap();
    timed!(write, send, record, "mail");
    Ok(())
}

/// What a mail is about.
struct Subject {
    inquiry: Option<InquiryRow>,
    alert: Option<AlertRow>,
}

const NO_SUBJECT: AppError = AppError::Inconsistent("what a mail is about is missing");

async fn load(app: &App, slug: &DepartmentSlug, id: MailId) -> Result<Option<(MailRow, Subject)>, AppError> {
    let mut tx = app.db().tenant(slug).await?;
    let Some(mail) = tx.mails().by_id(id).await? else {
        return Ok(None);
    };
    let subject = subject(&mut tx, &mail).await?;
    Ok(Some((mail, subject)))
}

/// An alert has the inquiry it was raised on, if any.
async fn subject(tx: &mut TenantTx, mail: &MailRow) -> Result<Subject, AppError> {
    let alert = match mail.alert {
        Some(id) => Some(tx.alerts().by_id(id).await?.ok_or(NO_SUBJECT)?),
        None => None,
    };
    let inquiry = mail.inquiry.or(alert.as_ref().and_then(|alert| alert.inquiry));
    let inquiry = match inquiry {
        Some(id) => Some(tx.inquiries().by_id(id).await?.ok_or(NO_SUBJECT)?),
        None => None,
    };
    Ok(Subject { inquiry, alert })
}

async fn write(
    app: &App,
    slug: &DepartmentSlug,
    mail: &MailRow,
    subject: &Subject,
) -> Result<RenderedMail, AppError> {
    let department = app.department_of(slug).await?.official_name;
    let row = || subject.inquiry.as_ref().ok_or(NO_SUBJECT);
    let outcome = |row: &InquiryRow| {
        let decision = row.decision.as_ref();
        let undecided = AppError::Inconsistent("an inquiry has no decision");
        decision.map(|decision| decision.outcome).ok_or(undecided)
    };
    let staff = app.link(&format!("/departements/{slug}"));
    let views = &app.inner.edges.views;
    let rendered = match mail.kind {
        MailKind::AnswerReady => views.mail(&AnswerReady {
            recipient: row()?.inquiry.asker.name.clone(),
            department,
            reference: row()?.inquiry.reference.clone(),
            examining: outcome(row()?)? == Outcome::Ambiguous,
            link: app.link(&format!("/demandes/{}", row()?.inquiry.submission)),
        }),
        MailKind::ServiceNotice => views.mail(&ServiceNotice {
            department,
            reference: row()?.inquiry.reference.clone(),
            outcome: outcome(row()?)?,
            link: staff,
        }),
        MailKind::Alert => {
            let alert = subject.alert.as_ref().ok_or(NO_SUBJECT)?;
            views.mail(&Alert {
                department,
                kind: alert.kind,
                notary: alert.notary_name.clone(),
                office: alert.office_name.clone(),
                crpcen: alert.crpcen.as_str().to_owned(),
                allowed: alert.allowed,
                reference: subject.inquiry.as_ref().map(|row| row.inquiry.reference.clone()),
                at: alert.raised_at,
                link: staff,
            })
        }
    };
    rendered.map_err(|_| AppError::Inconsistent("a mail cannot be written from its template"))
}

async fn record(app: &App, slug: &DepartmentSlug, mail: &MailRow) -> Result<(), AppError> {
    let now = Utc::now();
    let mut tx = app.db().tenant(slug).await?;
    if tx.mails().mark_sent(mail.id, now).await? {
        tx.audit()
            .record(entry(Actor::System, Action::MailSent, mail.id, now));
    }
    Ok(tx.save().await?)
}
