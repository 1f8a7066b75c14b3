//! What the staff of a département sees.

use chrono::TimeDelta;
use domain::{
    Identity, InquiryId, LetterheadSettings, Limits, Lookups, Outcome, Recovery, RegisterId, Retention, Role,
    RoleSet, Signatory, TenantSettings, TimeZone,
};

use super::{contact, id, now, of, rhone};
use crate::pages::{OutcomeCount, RecentInquiry, RegisterSummary, StaffHomePage};

/// A département at work.
pub(crate) fn staff_home() -> StaffHomePage {
    let counts = [212, 31, 74, 5_482, 118, 0];
    StaffHomePage {
        register: Some(RegisterSummary {
            id: RegisterId(id(5)),
            source: "beneficiaires-novembre.csv".to_owned(),
            imported_at: now() - TimeDelta::days(21),
            individuals: 48_210,
            aids: 73_904,
        }),
        roles: RoleSet::new([Role::Officer, Role::Administrator]),
        counts: Outcome::ALL
            .into_iter()
            .zip(counts)
            .map(|(outcome, count)| OutcomeCount { outcome, count })
            .collect(),
        recent: Outcome::ALL
            .into_iter()
            .zip(40u32..)
            .map(|(outcome, number)| RecentInquiry {
                inquiry: InquiryId(id(u128::from(number))),
                reference: format!("69-2026-{number:06}"),
                office: "Étude Fontaine et associés".to_owned(),
                outcome,
                asked_at: now() - TimeDelta::hours(i64::from(number)),
                letter: outcome != Outcome::Pending,
            })
            .collect(),
        ..staff_home_empty()
    }
}

/// A département on its first day.
pub(crate) fn staff_home_empty() -> StaffHomePage {
    StaffHomePage {
        department: rhone(),
        settings: settings(),
        roles: RoleSet::new([Role::Auditor]),
        register: None,
        counted_from: of("2026-01-01"),
        counts: Outcome::ALL
            .into_iter()
            .map(|outcome| OutcomeCount { outcome, count: 0 })
            .collect(),
        recent: vec![],
    }
}

fn settings() -> TenantSettings {
    let text = str::to_owned;
    TenantSettings {
        identity: Identity {
            name: text("Rhône"),
            official_name: text("Département du Rhône"),
            insee_code: of("69"),
            sirets: vec![],
            time_zone: TimeZone::default(),
        },
        contact: contact(),
        recovery: Recovery {
            mailbox: text("recuperations@rhone.exemple.fr"),
            officer: text("Mme Nadia Exemple"),
        },
        letterhead: LetterheadSettings {
            logo: text("logo.svg"),
            accent: text("#b3261e"),
            place: text("Lyon"),
            signatory: Signatory {
                name: text("Hélène Exemple"),
                capacity: vec![
                    text("Pour le président et par délégation,"),
                    text("La directrice de l’autonomie"),
                ],
                signature: None,
            },
            footer: text("Département du Rhône – 12 rue de l’Exemple, 69003 LYON – rhone.exemple.fr"),
            specimen: true,
        },
        retention: Retention::default(),
        limits: Limits::default(),
        lookups: Lookups::default(),
        administrators: vec![],
        auditors: vec![],
        aids: vec![],
        matching: Default::default(),
    }
}
