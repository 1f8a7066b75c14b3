//! From a page's data to an answer.

use app::Department;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use views::{Brand, Layout, Page, UserKind, UserMenu};

use crate::WebState;
use crate::problem::Problem;
use crate::session;
use crate::visit::{Person, Visit};

/// What a handler answers.
pub(crate) type Answer = Result<Response, Problem>;

/// Renders pages for this visitor. A page with forms for strangers asks for [`View::with_form`] first.
pub(crate) struct View {
    state: WebState,
    visit: Visit,
    layout: Layout,
}

impl View {
    /// A stranger who is shown a form gets a session, for its token.
    pub(crate) async fn with_form(mut self) -> Result<Self, Problem> {
        self.layout.csrf = session::csrf_token(&self.visit.session).await?;
        Ok(self)
    }

    /// In the colours of a département.
    pub(crate) fn branded(mut self, brand: Brand) -> Self {
        self.layout.department = Some(brand);
        self
    }

    /// The page.
    pub(crate) fn page<P: Page>(&self, page: &P) -> Answer {
        self.page_with(StatusCode::OK, page)
    }

    /// The page, with another status than 200.
    pub(crate) fn page_with<P: Page>(&self, status: StatusCode, page: &P) -> Answer {
        Ok(html(status, self.state.views().render(&self.layout, page)?))
    }
}

impl FromRequestParts<WebState> for View {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Problem> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let mut layout = layout(state, parts.uri.path());
        layout.user = visit.person(state).await?.and_then(|person| menu(person, parts.uri.path()));
        if layout.user.is_some() {
            layout.csrf = session::csrf_token(&visit.session).await?;
        }
        Ok(Self { state: state.clone(), visit, layout })
    }
}

/// What surrounds a page for a stranger.
pub(crate) fn layout(state: &WebState, path: &str) -> Layout {
    Layout { path: path.to_owned(), banner: state.settings().banner.clone(), ..Layout::default() }
}

/// An answer in HTML.
pub(crate) fn html(status: StatusCode, body: String) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// How a département looks.
pub(crate) fn brand(department: &Department) -> Brand {
    let (slug, revision) = (&department.slug, department.revision);
    Brand {
        slug: slug.clone(),
        name: department.name.clone(),
        official_name: department.official_name.clone(),
        stylesheet: format!("/departements/{slug}/couleurs-{revision}.css"),
        logo: Some(format!("/departements/{slug}/logo-{revision}")),
    }
}

fn menu(person: &Person, path: &str) -> Option<UserMenu> {
    Some(match person {
        Person::Notary(notary) => UserMenu {
            name: notary.name.clone(),
            organisation: notary.office_name.clone(),
            kind: if notary.terms_accepted { UserKind::Notary } else { UserKind::Arriving },
        },
        Person::Staff(all) => {
            let here = |slug: &str| path.strip_prefix("/departements/").is_some_and(|rest| rest.split('/').next() == Some(slug));
            let staff = all.iter().find(|staff| here(staff.department.as_str())).or(all.first())?;
            UserMenu {
                name: staff.name.clone(),
                organisation: staff.department.to_string(),
                kind: UserKind::Staff { department: staff.department.clone() },
            }
        }
    })
}
