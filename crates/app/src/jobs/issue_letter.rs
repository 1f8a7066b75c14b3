//! Renders a letter, stores it, records it, and announces it, in this order: a mail never speaks of a letter that
//! is not there. Stopped anywhere, it begins again: rendering gives the same bytes (data and letterhead are those of the
//! day it was drawn), another file than before gets a place of its own, and only one run gets to record.

use chrono::{DateTime, Months, Utc};
use db::jobs::{Job, JobError};
use db::{Actor, IssuedLetter, KeyRow, LetterRow, TenantTx};
use domain::{Action, DepartmentSlug, LetterId, MailId};
use letters::{LetterData, Rendered};
use objects::ObjectKey;
use serde_json::json;
use uuid::Uuid;

use super::retry;
use crate::audit::{detailed, entry};
use crate::departments::Department;
use crate::timing::{Laps, timed};
use crate::{App, AppError};

pub(super) async fn run(app: &App, slug: &DepartmentSlug, id: LetterId) -> Result<(), JobError> {
    let mut laps = Laps::start();
    let found = load(app, slug, id).await.map_err(|error| retry(&error))?;
    let (letter, key) = found.ok_or_else(|| JobError::Fail("there is no such letter".to_owned()))?;
    if letter.issued.is_some() {
        return Ok(());
    }
    let data: LetterData = serde_json::from_value(letter.data.clone())
        .map_err(|_| JobError::Fail("the data of the letter cannot be read by this version".to_owned()))?;
    let years = data.retention_years;
    let load = laps.lap();
    let rendered = render(app, slug, &letter, data).await?;
    let render = laps.lap();
    let stored = store(app, slug, &letter, key, &rendered, years)
        .await
        .map_err(|error| retry(&error))?;
    let store = laps.lap();
    record(app, slug, &letter, &stored)
        .await
        .map_err(|error| retry(&error))?;
    let record = laps.lap();
    // From the decision to here, the wait for a worker included.
    let since_drawn = (Utc::now() - letter.drawn_at).num_microseconds();
    timed!(load, render, store, record, since_drawn, "letter");
    Ok(())
}

/// The letter, and the key its file will be encrypted with, if there is one yet.
async fn load(
    app: &App,
    slug: &DepartmentSlug,
    id: LetterId,
) -> Result<Option<(LetterRow, Option<KeyRow>)>, AppError> {
    let mut tx = app.db().tenant(slug).await?;
    match tx.letters().by_id(id).await? {
        Some(letter) if letter.issued.is_none() => Ok(Some((letter, tx.keys().active().await?))),
        letter => Ok(letter.map(|letter| (letter, None))),
    }
}

async fn render(
    app: &App,
    slug: &DepartmentSlug,
    letter: &LetterRow,
    data: LetterData,
) -> Result<Rendered, JobError> {
    let kit = app.kit_at(slug, letter.settings_revision).await;
    let kit = kit.map_err(|error| retry(&error))?;
    let rendered = app
        .inner
        .edges
        .renderer
        .render(data, kit.letterhead.clone())
        .await;
    rendered.map_err(|error| {
        if error.is_transient() {
            JobError::Retry(error.to_string())
        } else {
            JobError::Fail(error.to_string())
        }
    })
}

async fn store(
    app: &App,
    slug: &DepartmentSlug,
    letter: &LetterRow,
    key: Option<KeyRow>,
    rendered: &Rendered,
    years: u32,
) -> Result<IssuedLetter, AppError> {
    let department = app.department_of(slug).await?;
    let row = match key {
        Some(key) => key,
        None => app.key_for_new_objects(&department).await?,
    };
    let key = app.open_key(&department, &row)?;
    let object = ObjectKey::letter(department.id, letter.id, &rendered.sha256, &key);
    let until = retained_until(letter.drawn_at, years);
    let stored = app
        .inner
        .edges
        .objects
        .put(&object, &rendered.pdf, &key, until)
        .await?;
    Ok(IssuedLetter {
        sha256: rendered.sha256,
        size: u64::try_from(rendered.pdf.len()).unwrap_or(u64::MAX),
        template_version: letters::template_version().to_owned(),
        object_key: object.to_string(),
        object_version: stored.version,
        data_key: row.id,
        issued_at: Utc::now(),
        locked_until: stored.locked_until,
    })
}

fn retained_until(drawn_at: DateTime<Utc>, years: u32) -> Option<DateTime<Utc>> {
    drawn_at.checked_add_months(Months::new(years.saturating_mul(12)))
}

/// Marks the letter as issued and puts the mail in the outbox: both, or neither.
async fn record(
    app: &App,
    slug: &DepartmentSlug,
    letter: &LetterRow,
    issued: &IssuedLetter,
) -> Result<(), AppError> {
    let mut tx = app.db().tenant(slug).await?;
    if !tx.letters().mark_issued(letter.id, issued).await? {
        return Ok(());
    }
    let details = json!({
        "sha256": data_encoding::HEXLOWER.encode(&issued.sha256),
        "template": issued.template_version,
    });
    let issued_entry = detailed(
        entry(Actor::System, Action::LetterIssued, letter.id, issued.issued_at),
        details,
    );
    tx.audit().record(issued_entry);
    announce(&mut tx, letter, issued.issued_at).await?;
    Ok(tx.save().await?)
}

async fn announce(tx: &mut TenantTx, letter: &LetterRow, at: DateTime<Utc>) -> Result<(), AppError> {
    let mail = MailId(Uuid::now_v7());
    let mail = tx
        .mails()
        .add_on_letter(mail, letter.inquiry, letter.id, at)
        .await?;
    let mail = mail.ok_or(AppError::Inconsistent("the inquiry of a letter is missing"))?;
    let department = tx.slug().clone();
    Ok(tx.enqueue(&Job::SendMail { department, mail }).await?)
}

impl App {
    /// The key new objects of a département are encrypted with; drawn at the first letter.
    pub(crate) async fn key_for_new_objects(&self, department: &Department) -> Result<KeyRow, AppError> {
        let mut tx = self.db().tenant(&department.slug).await?;
        if let Some(key) = tx.keys().active().await? {
            return Ok(key);
        }
        let key = self.new_key(department, Utc::now())?;
        let active = tx.keys().add_first(&key).await?;
        // Another process may have been first.
        if active.id == key.id {
            let drawn = entry(Actor::System, Action::KeyDrawn, key.id, key.created_at);
            tx.audit().record(drawn);
        }
        tx.save().await?;
        Ok(active)
    }

    pub(crate) fn new_key(
        &self,
        department: &Department,
        now: DateTime<Utc>,
    ) -> Result<db::NewKey, AppError> {
        let (_, wrapped) = self.inner.edges.keyring.new_data_key(department.id)?;
        Ok(db::NewKey {
            id: wrapped.id,
            wrapped: wrapped.bytes,
            master_key_id: wrapped.master,
            created_at: now,
        })
    }
}
