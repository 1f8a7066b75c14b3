//! How many inquiries a notary may make, counted in PostgreSQL for every process alike.
//!
//! An inquiry is claimed before it is made: a claim is a row of who, which form, which département, when. All
//! claims of one notary are taken one transaction after the other, so two processes never find room for the same
//! inquiry. A form is claimed as a whole or not at all: half an answer would be asked again and help nobody. A claim
//! whose inquiry then fails stays, and sending the same form again needs no other.

use chrono::{DateTime, Utc};
use db::{ClaimInPlace, PlatformTx};
use domain::{AlertKind, DepartmentSlug, Quota, Span, SubmissionId};

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
        let before = tx.claims().of(notary, wanted.submission).await?;
        let fresh = wanted.departments.iter();
        let fresh: Vec<_> = fresh
            .filter(|(department, _)| !before.contains(&department.slug))
            .collect();
        let at_once = self.inner.settings.quota.at_once();
        let Some(count) = u32::try_from(fresh.len()).ok().filter(|count| *count <= at_once) else {
            return Ok(Claimed::TooMany(at_once));
        };
        if count == 0 {
            return Ok(Claimed::Yes);
        }
        let platform = (LimitScope::Platform, self.inner.settings.quota, count);
        let each = fresh.iter().map(|(department, quota)| {
            let scope = LimitScope::Department(Box::new((*department).clone()));
            (scope, *quota, 1)
        });
        let scopes: Vec<_> = std::iter::once(platform).chain(each).collect();
        let limits = reached(&mut tx, wanted, scopes).await?;
        if !limits.is_empty() {
            return Ok(Claimed::Reached(limits));
        }
        let slugs: Vec<&DepartmentSlug> = fresh.iter().map(|(department, _)| &department.slug).collect();
        let forget_until = now - Span::Day.length();
        tx.claims()
            .add(notary, wanted.submission, &slugs, now, forget_until)
            .await?;
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

/// The limits that so many inquiries more would overstep, of each scope the one that opens last. Too many is the inquiry
/// that has no room once those of the span are counted, newest first; room comes when the one in its place grows too old.
/// What was claimed later than now (a clock was set back) counts.
async fn reached(
    tx: &mut PlatformTx,
    wanted: &Wanted<'_>,
    scopes: Vec<(LimitScope, Quota, u32)>,
) -> Result<Vec<LimitReached>, AppError> {
    let places: Vec<ClaimInPlace> = scopes
        .iter()
        .flat_map(|(scope, quota, count)| {
            let place = move |(span, limit)| scope.place(span, limit - count, wanted.now);
            quota.spans().map(place)
        })
        .collect();
    let in_their_places = tx.claims().at(wanted.asker.notary, &places).await?;
    let mut in_their_places = in_their_places.into_iter();
    let mut limits = Vec::new();
    for (scope, quota, _) in scopes {
        let opens = quota.spans().map(|(span, limit)| {
            let at = in_their_places.next().flatten();
            at.map(|at| (span, limit, at + span.length()))
        });
        // Of two that open at once, the first is told.
        let last = opens
            .into_iter()
            .flatten()
            .reduce(|last, next| if last.2 < next.2 { next } else { last });
        limits.extend(last.map(|(span, limit, opens_at)| LimitReached {
            scope,
            span,
            limit,
            opens_at,
        }));
    }
    Ok(limits)
}

impl LimitScope {
    /// The claim that has so many newer ones within a span.
    fn place(&self, span: Span, newer: u32, now: DateTime<Utc>) -> ClaimInPlace {
        let department = match self {
            Self::Platform => None,
            Self::Department(department) => Some(department.slug.clone()),
        };
        ClaimInPlace {
            department,
            newer,
            after: now - span.length(),
        }
    }
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
