//! How many inquiries a notary may make, counted in PostgreSQL for every process alike.
//!
//! An inquiry is claimed before it is made: a claim is a row of who, which form, which département, when. All
//! claims of one notary are taken one transaction after the other, so two processes never find room for the same
//! inquiry. A form is claimed as a whole or not at all: half an answer would be asked again and help nobody. A claim
//! whose inquiry then fails stays, and sending the same form again needs no other.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use db::Claim;
use domain::{AlertKind, DepartmentSlug, Quota, Reached, Span, SubmissionId};

use crate::alerts::{Noticed, raise};
use crate::{App, AppError, Department, NotaryIdentity};

/// Whose limit it is.
#[derive(Debug, Clone, PartialEq)]
pub enum LimitScope {
    /// The platform's, all départements together.
    Platform,
    /// A département's own.
    Department(Box<Department>),
}

/// A limit that a form would have overstepped.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitReached {
    /// Whose.
    pub scope: LimitScope,
    /// In which span of time.
    pub span: Span,
    /// How many inquiries it takes.
    pub limit: u32,
    /// From when on the same form would pass it.
    pub opens_at: DateTime<Utc>,
}

/// What became of a claim.
pub(crate) enum Claimed {
    /// There is room, and it is taken.
    Yes,
    /// There is none for the time being. Never empty.
    Reached(Vec<LimitReached>),
    /// There never will be for so many at once: how many may be.
    TooMany(u32),
}

/// A form that wants to ask these départements, each with its own limits.
pub(crate) struct Wanted<'a> {
    pub(crate) asker: &'a NotaryIdentity,
    pub(crate) submission: SubmissionId,
    pub(crate) departments: Vec<(&'a Department, Quota)>,
    pub(crate) now: DateTime<Utc>,
}

impl App {
    /// Claims what a form wants; tells the départements concerned when a limit forbids it.
    pub(crate) async fn claim(&self, wanted: &Wanted<'_>) -> Result<Claimed, AppError> {
        if wanted.departments.is_empty() {
            return Ok(Claimed::Yes);
        }
        let claimed = self.try_claim(wanted).await?;
        if let Claimed::Reached(limits) = &claimed {
            for (department, _) in &wanted.departments {
                // The notary is refused all the same, and the next try tells it.
                if let Err(error) = self.tell(wanted, department, limits).await {
                    tracing::error!(department = %department.slug, error = %crate::error::chain(&error), "a limit that was reached could not be told");
                }
            }
        }
        Ok(claimed)
    }

    async fn try_claim(&self, wanted: &Wanted<'_>) -> Result<Claimed, AppError> {
        let (notary, now) = (wanted.asker.notary, wanted.now);
        let mut tx = self.db().platform().await?;
        tx.claims().hold(notary).await?;
        let oldest = now - Span::Day.length();
        let made = tx.claims().since(notary, oldest).await?;
        let fresh = wanted.fresh(&made);
        let at_once = self.inner.settings.quota.at_once();
        if fresh.len() > at_once as usize {
            return Ok(Claimed::TooMany(at_once));
        }
        let limits = reached(self.inner.settings.quota, &fresh, &made, now);
        if !limits.is_empty() {
            return Ok(Claimed::Reached(limits));
        }
        let slugs: Vec<&DepartmentSlug> = fresh.iter().map(|(department, _)| &department.slug).collect();
        tx.claims().forget(notary, oldest).await?;
        tx.claims().add(notary, wanted.submission, &slugs, now).await?;
        tx.save().await?;
        Ok(Claimed::Yes)
    }

    /// Raises an alert in a département of the form for each limit that concerns it.
    async fn tell(
        &self,
        wanted: &Wanted<'_>,
        department: &Department,
        limits: &[LimitReached],
    ) -> Result<(), AppError> {
        let mut tx = self.db().tenant(&department.slug).await?;
        tx.lookups().hold(wanted.asker.office).await?;
        for limit in limits.iter().filter(|limit| limit.concerns(department)) {
            let noticed = Noticed {
                kind: limit.kind(),
                allowed: limit.limit,
                inquiry: None,
                quiet_until: wanted.now + limit.span.length(),
            };
            raise(&mut tx, wanted.asker, &noticed, wanted.now).await?;
        }
        Ok(tx.save().await?)
    }
}

impl<'a> Wanted<'a> {
    /// The départements for which this form has no claim yet.
    fn fresh(&self, made: &[Claim]) -> Vec<(&'a Department, Quota)> {
        let same = made.iter().filter(|claim| claim.submission == self.submission);
        let before: BTreeSet<&DepartmentSlug> = same.map(|claim| &claim.department).collect();
        let fresh = |(department, _): &&(&Department, Quota)| !before.contains(&department.slug);
        self.departments.iter().filter(fresh).copied().collect()
    }
}

/// Every limit that these inquiries would overstep.
fn reached(
    platform: Quota,
    fresh: &[(&Department, Quota)],
    made: &[Claim],
    now: DateTime<Utc>,
) -> Vec<LimitReached> {
    if fresh.is_empty() {
        return vec![];
    }
    let of = |scope, reached: Reached| LimitReached {
        scope,
        span: reached.span,
        limit: reached.limit,
        opens_at: reached.opens_at,
    };
    let all: Vec<_> = made.iter().map(|claim| claim.at).collect();
    let shared = platform.reached(&all, fresh.len(), now);
    let own = fresh.iter().filter_map(|(department, quota)| {
        let here = made.iter().filter(|claim| claim.department == department.slug);
        let here: Vec<_> = here.map(|claim| claim.at).collect();
        let scope = LimitScope::Department(Box::new((*department).clone()));
        Some(of(scope, quota.reached(&here, 1, now)?))
    });
    shared
        .map(|reached| of(LimitScope::Platform, reached))
        .into_iter()
        .chain(own)
        .collect()
}

impl LimitReached {
    /// Whether a département is to be told of it: of its own limits, and of the platform's when it was to be asked.
    fn concerns(&self, department: &Department) -> bool {
        match &self.scope {
            LimitScope::Platform => true,
            LimitScope::Department(own) => own.slug == department.slug,
        }
    }

    fn kind(&self) -> AlertKind {
        match (&self.scope, self.span) {
            (LimitScope::Platform, Span::Hour) => AlertKind::PlatformHour,
            (LimitScope::Platform, Span::Day) => AlertKind::PlatformDay,
            (LimitScope::Department(_), Span::Hour) => AlertKind::DepartmentHour,
            (LimitScope::Department(_), Span::Day) => AlertKind::DepartmentDay,
        }
    }
}
