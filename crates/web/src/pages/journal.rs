//! `GET /departements/{slug}/journal`, `GET /departements/{slug}/journal.csv`: the audit trail, for auditors.

use app::{TrailEntry, TrailPage, TrailPlace};
use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use bytes::Bytes;
use chrono::Utc;
use domain::{DepartmentSlug, TimeZone};
use futures::stream;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;
use views::forms::JournalFilter;
use views::pages::{JournalLinks, JournalPage, JournalRow, StoredEntry};

use crate::WebState;
use crate::choices::brand;
use crate::problem::chain;
use crate::reply::{Answer, View};
use crate::users::AuditorUser;

/// Which part of the list.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Place {
    /// Entries older than this number.
    avant: String,
    /// Entries newer than this number.
    apres: String,
}

pub(crate) async fn get(
    State(state): State<WebState>,
    AuditorUser(auditor): AuditorUser,
    Query(filter): Query<JournalFilter>,
    Query(place): Query<Place>,
    view: View,
) -> Answer {
    let (wanted, errors) = filter.parse();
    let found = state
        .app()
        .trail_page(&auditor.identity, &wanted, place.read(), Utc::now())
        .await?;
    let brand = brand(&state, &auditor.department).await;
    let (actions, actors) = JournalPage::choices();
    let page = JournalPage {
        department: brand.clone(),
        errors,
        actions,
        actors,
        links: links(&auditor.department.slug, &filter, &found),
        rows: found.entries.iter().map(row).collect(),
        filter,
    };
    view.branded(brand).page(&page)
}

pub(crate) async fn csv(
    State(state): State<WebState>,
    AuditorUser(auditor): AuditorUser,
    Query(filter): Query<JournalFilter>,
) -> Answer {
    let (wanted, _) = filter.parse();
    let now = Utc::now();
    let export = state.app().export_trail(&auditor.identity, &wanted, now).await?;
    let lines = stream::try_unfold(export, async |mut export| match export.next().await {
        Ok(lines) => Ok(lines.map(|lines| (Bytes::from(lines), export))),
        Err(error) => {
            // The download is cut short, so that nobody takes a part of it for the whole.
            tracing::error!(
                code = "export",
                error = chain(&error),
                "an export of a trail broke off"
            );
            Err(error)
        }
    });
    let day = TimeZone::default().day(now);
    let name = format!("journal-{}-{day}.csv", auditor.department.slug);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}

impl Place {
    fn read(&self) -> TrailPlace {
        match (self.avant.parse(), self.apres.parse()) {
            (Ok(number), _) => TrailPlace::Before(number),
            (Err(_), Ok(number)) => TrailPlace::After(number),
            _ => TrailPlace::Newest,
        }
    }
}

fn links(slug: &DepartmentSlug, filter: &JournalFilter, found: &TrailPage) -> JournalLinks {
    let link = |path: &str, place: Option<(&str, i64)>| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(filter.fields());
        if let Some((name, number)) = place {
            query.append_pair(name, &number.to_string());
        }
        let query = query.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/departements/{slug}/{path}{mark}{query}")
    };
    let number = |entry: Option<&TrailEntry>| entry.map(|entry| entry.row.number);
    let (first, last) = (number(found.entries.first()), number(found.entries.last()));
    JournalLinks {
        csv: link("journal.csv", None),
        newer: first
            .filter(|_| found.newer)
            .map(|at| link("journal", Some(("apres", at)))),
        older: last
            .filter(|_| found.older)
            .map(|at| link("journal", Some(("avant", at)))),
    }
}

fn row(entry: &TrailEntry) -> JournalRow {
    let row = &entry.row;
    JournalRow::from(StoredEntry {
        number: row.number,
        at: row.at,
        actor: &row.actor,
        person: row.actor_id,
        name: entry.name.as_deref(),
        role: &row.role,
        action: &row.action,
        object: row.object.as_deref(),
        purpose: row.purpose.as_deref(),
        details: &row.details,
    })
}
