//! Writes the mails by which the administrators of a département are told of an alert. Done twice, it writes them once.

use chrono::Utc;
use db::jobs::{Job, JobError};
use domain::{AlertId, DepartmentSlug, MailId};
use uuid::Uuid;

use super::retry;
use crate::{App, AppError};

pub(super) async fn run(app: &App, slug: &DepartmentSlug, id: AlertId) -> Result<(), JobError> {
    let told = tell(app, slug, id).await.map_err(|error| retry(&error))?;
    if told {
        Ok(())
    } else {
        Err(JobError::Fail("there is no such alert".to_owned()))
    }
}

async fn tell(app: &App, slug: &DepartmentSlug, id: AlertId) -> Result<bool, AppError> {
    let recipients = recipients(app, slug).await?;
    let now = Utc::now();
    let mut tx = app.db().tenant(slug).await?;
    if tx.alerts().by_id(id).await?.is_none() {
        return Ok(false);
    }
    for recipient in recipients {
        let mail = MailId(Uuid::now_v7());
        if let Some(mail) = tx.mails().add_on_alert(mail, id, &recipient, now).await? {
            let department = slug.clone();
            tx.enqueue(&Job::SendMail { department, mail }).await?;
        }
    }
    tx.save().await?;
    Ok(true)
}

/// The administrators who may log in; the service's mailbox while there is none.
async fn recipients(app: &App, slug: &DepartmentSlug) -> Result<Vec<String>, AppError> {
    let mut tx = app.db().platform().await?;
    let administrators = tx.staff().administrators(slug).await?;
    drop(tx);
    if administrators.is_empty() {
        let kit = app.kit_of(slug).await?;
        return Ok(vec![kit.settings.recovery.mailbox.clone()]);
    }
    Ok(administrators)
}
