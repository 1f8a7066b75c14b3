//! `GET /departements/{slug}`: first page of a département's staff.

use axum::extract::State;
use chrono::Utc;
use views::pages::{OutcomeCount, RecentInquiry, RegisterSummary, StaffHomePage};

use crate::WebState;
use crate::choices::brand;
use crate::reply::{Answer, View};
use crate::users::StaffUser;

pub(crate) async fn get(State(state): State<WebState>, staff: StaffUser, view: View) -> Answer {
    let home = state.app().staff_home(&staff.identity, Utc::now()).await?;
    let brand = brand(&state, &staff.department).await;
    let page = StaffHomePage {
        department: brand.clone(),
        settings: home.settings,
        roles: staff.identity.roles,
        register: home.register.map(|register| RegisterSummary {
            id: register.id,
            source: register.source,
            imported_at: register.imported_at,
            individuals: register.individuals,
            aids: register.aids,
        }),
        counted_from: home.counted_from,
        counts: home
            .counts
            .into_iter()
            .map(|(outcome, count)| OutcomeCount { outcome, count })
            .collect(),
        recent: home.recent.into_iter().map(recent).collect(),
    };
    view.branded(brand).page(&page)
}

fn recent(inquiry: app::RecentInquiry) -> RecentInquiry {
    RecentInquiry {
        inquiry: inquiry.inquiry,
        reference: inquiry.reference,
        office: inquiry.office,
        outcome: inquiry.outcome,
        asked_at: inquiry.asked_at,
        letter: inquiry.letter,
    }
}
