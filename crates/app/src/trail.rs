//! The audit trails themselves: read by auditors, taken away as CSV, held against their chains.

mod csv;
mod export;

use std::collections::HashMap;
use std::fmt;

use chrono::{DateTime, Days, Utc};
use db::{Between, DbError, TrailFilter, TrailHead, TrailRow, Verification};
use domain::{Action, ActorKind, DepartmentSlug, NotaryId, TimeZone};
use serde_json::{Value, json};
use uuid::Uuid;
use views::forms::ParsedJournal;

use crate::audit::{by_staff, detailed};
use crate::history::beginning;
use crate::{App, AppError, StaffIdentity};

pub use export::TrailExport;

/// Entries on one page.
pub const TRAIL_PAGE: u32 = 50;

/// Which trail.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrailName {
    /// Of what belongs to no département.
    Platform,
    /// Of a département.
    Department(DepartmentSlug),
}

impl fmt::Display for TrailName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Platform => f.write_str("platform"),
            Self::Department(slug) => slug.fmt(f),
        }
    }
}

/// An entry with the name of who acted, where it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailEntry {
    /// The entry.
    pub row: TrailRow,
    /// Name of the notary or the member of staff as it is today.
    pub name: Option<String>,
}

/// A page of a trail, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailPage {
    /// Its entries.
    pub entries: Vec<TrailEntry>,
    /// Whether there are newer ones.
    pub newer: bool,
    /// Whether there are older ones.
    pub older: bool,
}

/// Which page: from the newest entry, or on from a number one way or the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TrailPlace {
    /// The newest entries.
    #[default]
    Newest,
    /// The entries just older than this number.
    Before(i64),
    /// The entries just newer than this number.
    After(i64),
}

/// What became of one trail.
#[derive(Debug)]
pub struct TrailCheck {
    /// Which.
    pub trail: TrailName,
    /// What was found; `None` while the département is suspended: its data is refused to this program.
    pub verification: Option<Verification>,
}

impl App {
    /// A page of a département's trail, for its auditor. That it was looked at stands in the trail.
    ///
    /// # Errors
    /// When the database cannot be asked, or the département is suspended.
    pub async fn trail_page(
        &self,
        auditor: &StaffIdentity,
        wanted: &ParsedJournal,
        place: TrailPlace,
        now: DateTime<Utc>,
    ) -> Result<TrailPage, AppError> {
        let (slug, filter) = (&auditor.department, &filter(wanted));
        let mut tx = self.db().tenant(slug).await?;
        let mut audit = tx.audit();
        let (mut rows, newer, older);
        if let TrailPlace::After(number) = place {
            let after = Between {
                after: Some(number),
                before: None,
            };
            rows = audit.oldest(filter, after, TRAIL_PAGE + 1).await?;
            newer = shorten(&mut rows);
            rows.reverse();
            older = true;
        } else {
            let before = match place {
                TrailPlace::Before(number) => Some(number),
                TrailPlace::Newest | TrailPlace::After(_) => None,
            };
            rows = audit
                .newest(filter, Between { after: None, before }, TRAIL_PAGE + 1)
                .await?;
            older = shorten(&mut rows);
            newer = before.is_some();
        }
        let viewed = by_staff(auditor.staff, &auditor.roles, Action::TrailViewed, slug, now);
        audit.record(detailed(viewed, said(filter)));
        tx.save().await?;
        let names = self.names(Some(slug), &rows).await?;
        let entries = rows.into_iter().map(|row| entry(row, &names)).collect();
        Ok(TrailPage {
            entries,
            newer,
            older,
        })
    }

    /// A département's trail as CSV, for its auditor. That it was taken is in the trail before anything is.
    ///
    /// # Errors
    /// When the database cannot be asked, or the département is suspended.
    pub async fn export_trail(
        &self,
        auditor: &StaffIdentity,
        wanted: &ParsedJournal,
        now: DateTime<Utc>,
    ) -> Result<TrailExport, AppError> {
        let (slug, filter) = (&auditor.department, filter(wanted));
        let taken = by_staff(auditor.staff, &auditor.roles, Action::TrailExported, slug, now);
        let taken = detailed(taken, said(&filter));
        TrailExport::begin(self, TrailName::Department(slug.clone()), filter, taken).await
    }

    /// A whole trail as CSV, for the operator. That it was taken is in the trail before anything is.
    ///
    /// # Errors
    /// When the database cannot be asked, or the département is suspended.
    pub async fn export_trail_by_operator(
        &self,
        trail: TrailName,
        filter: TrailFilter,
        now: DateTime<Utc>,
    ) -> Result<TrailExport, AppError> {
        let taken = self.by_operator(Action::TrailExported, &trail, said(&filter), now);
        TrailExport::begin(self, trail, filter, taken).await
    }

    /// Every trail there is, the platform's first.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn trails(&self) -> Result<Vec<TrailName>, AppError> {
        let departments = self.departments().await?;
        let mut slugs: Vec<_> = departments
            .iter()
            .map(|department| department.slug.clone())
            .collect();
        slugs.sort();
        let of_departments = slugs.into_iter().map(TrailName::Department);
        Ok(std::iter::once(TrailName::Platform)
            .chain(of_departments)
            .collect())
    }

    /// Holds a trail against its chain, and against what was noted of it elsewhere. It leaves no entry: what it reads
    /// it tells nobody.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn verify_trail(&self, trail: TrailName, noted: &[TrailHead]) -> Result<TrailCheck, AppError> {
        let verification = match &trail {
            TrailName::Platform => Some(self.db().platform_snapshot().await?.audit().verify(noted).await?),
            TrailName::Department(slug) => match self.db().tenant_snapshot(slug).await {
                Ok(mut tx) => Some(tx.audit().verify(noted).await?),
                Err(DbError::TenantUnavailable(_)) => None,
                Err(error) => return Err(error.into()),
            },
        };
        Ok(TrailCheck { trail, verification })
    }

    /// Where a trail ends; `None` while the département is suspended.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub(crate) async fn trail_head(&self, trail: &TrailName) -> Result<Option<TrailHead>, AppError> {
        match trail {
            TrailName::Platform => Ok(self.db().platform().await?.audit().head().await?),
            TrailName::Department(slug) => match self.db().tenant(slug).await {
                Ok(mut tx) => Ok(tx.audit().head().await?),
                Err(DbError::TenantUnavailable(_)) => Ok(None),
                Err(error) => Err(error.into()),
            },
        }
    }

    /// Who the people of these entries are.
    async fn names(
        &self,
        department: Option<&DepartmentSlug>,
        rows: &[TrailRow],
    ) -> Result<HashMap<Uuid, String>, AppError> {
        let is_notary = |row: &&TrailRow| row.actor == ActorKind::Notary.code();
        let mut notaries: Vec<NotaryId> = rows
            .iter()
            .filter(is_notary)
            .filter_map(|row| row.actor_id.map(NotaryId))
            .collect();
        notaries.sort_unstable();
        notaries.dedup();
        let mut tx = self.db().platform().await?;
        let mut names: HashMap<Uuid, String> = tx
            .notaries()
            .names(&notaries)
            .await?
            .into_iter()
            .map(|(id, name)| (id.0, name))
            .collect();
        if let Some(slug) = department {
            let staff = tx.staff().list(slug).await?;
            names.extend(staff.into_iter().map(|member| (member.id.0, member.name)));
        }
        Ok(names)
    }
}

/// Days are those of metropolitan France, where the trail is read.
fn filter(wanted: &ParsedJournal) -> TrailFilter {
    let midnight = |day| beginning(day, TimeZone::default());
    TrailFilter {
        from: wanted.from.map(midnight),
        until: wanted
            .to
            .and_then(|day| day.checked_add_days(Days::new(1)))
            .map(midnight),
        action: wanted.action,
        actor: wanted.actor,
        actor_id: wanted.person,
        object: wanted.object.clone(),
    }
}

/// Takes away the one row too many that tells that there are more.
fn shorten(rows: &mut Vec<TrailRow>) -> bool {
    let more = rows.len() > TRAIL_PAGE as usize;
    rows.truncate(TRAIL_PAGE as usize);
    more
}

fn entry(row: TrailRow, names: &HashMap<Uuid, String>) -> TrailEntry {
    let name = row.actor_id.and_then(|id| names.get(&id).cloned());
    TrailEntry { row, name }
}

/// What was looked for, for the trail.
fn said(filter: &TrailFilter) -> Value {
    if *filter == TrailFilter::default() {
        return Value::Null;
    }
    json!({
        "from": filter.from,
        "until": filter.until,
        "action": filter.action.map(Action::code),
        "actor": filter.actor.map(ActorKind::code),
        "actor_id": filter.actor_id,
        "object": filter.object,
    })
}
