//! Holding back whoever looks a person up instead of asking about an estate.
//!
//! **What is compared.** Every inquiry that the office, whichever of its notaries, or this notary, from whichever office,
//! made to this département in the last days: the département's own record, by [`matching::series`]. Nothing is kept for it
//! that was not kept anyway. Inquiries of one office are taken one after the other, so many sent at once see one another.
//!
//! **What happens.** Up to [`domain::Lookups::answered`] different civil statuses around one person are answered: people
//! mistype, and certificates come late. Those after them are recorded and acknowledged, and the answer is « Examen en
//! cours » whatever the register says: the notary learns nothing, waits for an officer, and honest work goes on. The
//! reasons tell the officer why, besides what the machine would have weighed. Past [`domain::Lookups::taken`] nothing is
//! recorded at all, and the page says whom to write to. Both are told to the administrators once a day for each notary
//! and kind, and stand in the audit trail. Which of the tries is the last does not matter: once the series is too long,
//! its first civil status is held back as well, until tries are old enough not to count.
//!
//! **What is not compared.** Inquiries to other départements. Each register is a secret of its own, and for each the
//! bound holds; to ask several départements about one person is what the service is for. Counting across them would need
//! an index of who resembles whom in the shared schema, which is worth more to whoever steals it than it prevents. How
//! many départements one can go through is bounded by the limits per hour and day, which are counted across all.
//! Nor is compared what lies more than [`COMPARED`] inquiries back: whoever puts that many others in between uses up a
//! day's limit for one try, and is told of for that.

use chrono::{DateTime, Days, TimeDelta, Utc};
use db::TenantTx;
use domain::french::NBSP;
use domain::{AlertKind, Decedent, InquiryId, Lookups};

use crate::alerts::{Noticed, raise};
use crate::{AppError, NotaryIdentity};

/// Inquiries looked back at.
const COMPARED: u32 = 300;
/// How long the same is not told again.
const QUIET: TimeDelta = TimeDelta::days(1);

/// What the series so far means for an inquiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Watch {
    /// No series, or a short one.
    Clear,
    /// So many different civil statuses: an officer looks.
    Examine(usize),
    /// Too many: not taken.
    Refuse,
}

/// Looks back. The office is held until the transaction ends: see [`db::Db::tenant_holding`].
pub(super) async fn watch(
    tx: &mut TenantTx,
    asker: &NotaryIdentity,
    decedent: &Decedent,
    bounds: &Lookups,
    now: DateTime<Utc>,
) -> Result<Watch, AppError> {
    let after = now - Days::new(bounds.days.into());
    let asked = tx
        .lookups()
        .asked(asker.office, asker.notary, after, COMPARED)
        .await?;
    let tries = matching::series(decedent, &asked);
    Ok(if tries > bounds.taken as usize {
        Watch::Refuse
    } else if tries > bounds.answered as usize {
        Watch::Examine(tries)
    } else {
        Watch::Clear
    })
}

impl Watch {
    /// Tells the administrators, if there is something to tell.
    pub(super) async fn tell(
        self,
        tx: &mut TenantTx,
        asker: &NotaryIdentity,
        inquiry: Option<InquiryId>,
        bounds: &Lookups,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let (kind, allowed) = match self {
            Self::Clear => return Ok(()),
            Self::Examine(_) => (AlertKind::SeriesExamined, bounds.answered),
            Self::Refuse => (AlertKind::SeriesRefused, bounds.taken),
        };
        let noticed = Noticed {
            kind,
            allowed,
            inquiry,
            quiet_until: now + QUIET,
        };
        raise(tx, asker, &noticed, now).await
    }

    /// Why an officer looks, in French, for the officer.
    pub(super) fn reason(self, bounds: &Lookups) -> Option<String> {
        let Self::Examine(tries) = self else { return None };
        Some(format!(
            "série de demandes proches{NBSP}: cet office a fait porter ses demandes des {} derniers jours sur {tries} états civils \
             voisins de celui-ci",
            bounds.days
        ))
    }
}
