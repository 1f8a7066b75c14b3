//! What an auditor reads.

use chrono::TimeDelta;
use domain::{Action, Purpose};

use super::{id, now};
use crate::pages::{JournalRow, StoredEntry};

/// Entries of every kind of actor, newest first; one that a newer version wrote.
pub(crate) fn journal() -> Vec<JournalRow> {
    let inquiry = id(42).to_string();
    let entry = |number: i64, actor: &'static str, action: &'static str| StoredEntry {
        number,
        at: now() - TimeDelta::minutes(413 - number),
        actor,
        person: None,
        name: None,
        role: actor,
        action,
        object: Some(&inquiry),
        purpose: Action::from_code(action).map(|action| action.purpose().code()),
        details: "null",
    };
    let entries = [
        StoredEntry {
            person: Some(id(9)),
            name: Some("Paul Martin"),
            role: "administrator auditor",
            object: Some("rhone"),
            ..entry(412, "staff", "audit.viewed")
        },
        StoredEntry {
            details: r#"{"copy": "genuine"}"#,
            ..entry(411, "public", "letter.verified")
        },
        StoredEntry {
            person: Some(id(8)),
            role: "officer",
            purpose: Some(Purpose::Casework.code()),
            ..entry(410, "staff", "letter.downloaded")
        },
        StoredEntry {
            person: Some(id(7)),
            name: Some("Claire Fontaine"),
            ..entry(409, "notary", "answer.viewed")
        },
        StoredEntry {
            details: r#"{"outcome": "recoverable", "engine": "2026-11", "register": null}"#,
            ..entry(408, "system", "inquiry.decided")
        },
        StoredEntry {
            person: Some(id(7)),
            name: Some("Claire Fontaine"),
            details: r#"{"reference": "69-2026-000042", "office": "01935a7e-1b2c-7d00-8000-000000000003"}"#,
            ..entry(407, "notary", "inquiry.asked")
        },
        StoredEntry {
            details: r#"{"revision": 5, "changed": [{"key": "contact.telephone", "from": "04 00 00 00 69", "to": "04 00 00 00 70"}, {"key": "recovery.officer"}], "files": [], "by": "exploitation", "reason": "ticket 4711"}"#,
            object: Some("rhone"),
            ..entry(406, "operator", "settings.applied")
        },
        StoredEntry {
            object: None,
            purpose: None,
            ..entry(405, "system", "from.the.future")
        },
    ];
    entries.into_iter().map(JournalRow::from).collect()
}
