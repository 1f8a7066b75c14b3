//! `GET /accessibilite`, `/accessibilite/{slug}`, `/mentions-legales`, `/donnees-personnelles`.

use axum::extract::{Path, State};
use domain::DepartmentSlug;
use views::pages::{AccessibilityContact, AccessibilityPage, LegalNoticePage, PrivacyPage};

use crate::WebState;
use crate::problem::Problem;
use crate::reply::{Answer, View};

pub(crate) async fn accessibility(State(state): State<WebState>, view: View) -> Answer {
    let departments = contacts(&state).await?;
    view.page(&AccessibilityPage {
        department: None,
        departments,
        ..declaration(&state)
    })
}

pub(crate) async fn department_accessibility(
    State(state): State<WebState>,
    Path(slug): Path<String>,
    view: View,
) -> Answer {
    let slug: DepartmentSlug = slug.parse().map_err(|_| Problem::NotFound)?;
    let department = contacts(&state)
        .await?
        .into_iter()
        .find(|contact| contact.slug == slug);
    let department = department.ok_or(Problem::NotFound)?;
    view.page(&AccessibilityPage {
        department: Some(department),
        ..declaration(&state)
    })
}

pub(crate) async fn notice(State(state): State<WebState>, view: View) -> Answer {
    view.page(&LegalNoticePage {
        platform: state.settings().platform.clone(),
    })
}

pub(crate) async fn privacy(State(state): State<WebState>, view: View) -> Answer {
    let departments = contacts(&state).await?;
    view.page(&PrivacyPage {
        platform: state.settings().platform.clone(),
        departments,
    })
}

fn declaration(state: &WebState) -> AccessibilityPage {
    AccessibilityPage {
        platform: state.settings().platform.clone(),
        public_url: state.settings().public_url.to_string(),
        department: None,
        departments: Vec::new(),
    }
}

/// How each département is reached; one whose settings cannot be read is left out.
async fn contacts(state: &WebState) -> Result<Vec<AccessibilityContact>, Problem> {
    let mut contacts = Vec::new();
    for department in state
        .app()
        .departments()
        .await?
        .iter()
        .filter(|department| !department.suspended)
    {
        if let Ok(Some(kit)) = state.app().kit(&department.slug).await {
            contacts.push(AccessibilityContact {
                slug: department.slug.clone(),
                official_name: department.official_name.clone(),
                contact: kit.settings.contact.clone(),
            });
        }
    }
    Ok(contacts)
}
