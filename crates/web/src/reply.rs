//! From a page's data to an answer.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use domain::Role;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use uuid::Uuid;
use views::{Brand, Layout, Page, UserKind, UserMenu};

use crate::WebState;
use crate::layers::request::Known;
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
    request: Option<Uuid>,
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

    /// Id of the request, for the help to find it in the log.
    pub(crate) fn request_id(&self) -> Option<String> {
        self.request.map(|id| id.to_string())
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
        if let Some(person) = visit.person(state).await? {
            layout.user = menu(state, person, parts.uri.path()).await?;
        }
        if layout.user.is_some() {
            layout.csrf = session::csrf_token(&visit.session).await?;
        }
        let request = parts.extensions.get::<Known>().map(|known| known.id);
        Ok(Self {
            state: state.clone(),
            visit,
            layout,
            request,
        })
    }
}

/// What surrounds a page for a stranger.
pub(crate) fn layout(state: &WebState, path: &str) -> Layout {
    Layout {
        path: path.to_owned(),
        banner: state.settings().banner.clone(),
        ..Layout::default()
    }
}

/// An answer in HTML.
pub(crate) fn html(status: StatusCode, body: String) -> Response {
    let mut response = (status, body).into_response();
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

async fn menu(state: &WebState, person: &Person, path: &str) -> Result<Option<UserMenu>, Problem> {
    let staff = match person {
        Person::Notary(notary) => {
            let kind = if notary.terms_accepted {
                UserKind::Notary
            } else {
                UserKind::Arriving
            };
            let (name, organisation) = (notary.name.clone(), notary.office_name.clone());
            return Ok(Some(UserMenu {
                name,
                organisation,
                kind,
            }));
        }
        Person::Staff(staff) => staff,
    };
    let here = path
        .strip_prefix("/departements/")
        .and_then(|rest| rest.split('/').next());
    let in_path = staff.iter().find(|staff| here == Some(staff.department.as_str()));
    let Some(staff) = in_path.or(staff.first()) else {
        return Ok(None);
    };
    let department = state.app().department(&staff.department).await?;
    Ok(Some(UserMenu {
        name: staff.name.clone(),
        organisation: department
            .map(|department| department.official_name)
            .unwrap_or_default(),
        kind: UserKind::Staff {
            department: staff.department.clone(),
            auditor: staff.roles.holds(Role::Auditor),
        },
    }))
}
