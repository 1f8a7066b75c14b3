//! What a handler asks of who is asking. A signature with one of these extractors is its handler's contract.
//!
//! Nobody logged in: 303 to the login, and back. Logged in as somebody else: 404, as if it did not exist.

use std::collections::HashMap;

use app::{Department, NotaryIdentity, StaffIdentity};
use axum::extract::{FromRequestParts, Path};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{DepartmentSlug, Role};
use http::request::Parts;

use crate::WebState;
use crate::layers::request::Known;
use crate::problem::Problem;
use crate::return_to::ReturnTo;
use crate::session;
use crate::visit::{Person, Visit};

/// Why a handler is not reached.
#[derive(Debug)]
pub(crate) enum Denied {
    /// Nobody is logged in, or the terms are still to be accepted: do that first.
    First(Redirect),
    /// Not for this person, or a failure.
    Problem(Problem),
}

impl From<Problem> for Denied {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        match self {
            Self::First(redirect) => redirect.into_response(),
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

/// A notary who accepted the terms in force.
pub(crate) struct NotaryUser(pub(crate) NotaryIdentity);

/// A notary who may still have to accept the terms.
pub(crate) struct ArrivingNotary(pub(crate) NotaryIdentity);

/// Staff of any département; never empty.
pub(crate) struct AnyStaff(pub(crate) Vec<StaffIdentity>);

/// Staff of the département whose slug is in the path, whatever the role.
#[derive(Clone)]
pub(crate) struct StaffUser {
    /// Who.
    pub(crate) identity: StaffIdentity,
    /// Where.
    pub(crate) department: Department,
}

macro_rules! staff_with_role {
    ($($(#[$doc:meta])* $name:ident: $role:expr;)+) => {$(
        $(#[$doc])*
        pub(crate) struct $name(pub(crate) StaffUser);

        impl FromRequestParts<WebState> for $name {
            type Rejection = Denied;

            async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Denied> {
                let staff = StaffUser::from_request_parts(parts, state).await?;
                if staff.identity.roles.holds($role) { Ok(Self(staff)) } else { Err(Problem::NotFound.into()) }
            }
        }
    )+};
}

staff_with_role! {
    /// An officer of the département in the path.
    #[expect(dead_code, reason = "the back-office will ask for it")]
    OfficerUser: Role::Officer;
    /// An administrator of the département in the path.
    #[expect(dead_code, reason = "the back-office will ask for it")]
    AdministratorUser: Role::Administrator;
    /// An auditor of the département in the path.
    AuditorUser: Role::Auditor;
}

impl FromRequestParts<WebState> for ArrivingNotary {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Denied> {
        match person(parts, state).await? {
            Person::Notary(notary) => Ok(Self(notary)),
            Person::Staff(_) => Err(Problem::NotFound.into()),
        }
    }
}

impl FromRequestParts<WebState> for NotaryUser {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Denied> {
        let ArrivingNotary(notary) = ArrivingNotary::from_request_parts(parts, state).await?;
        if notary.terms_accepted {
            return Ok(Self(notary));
        }
        if let Some(path) = ReturnTo::parse(parts.uri.path()) {
            let visit = Visit::from_request_parts(parts, state).await?;
            session::set_next(&visit.session, path.as_str())
                .await
                .map_err(Problem::from)?;
        }
        Err(Denied::First(Redirect::to("/conditions")))
    }
}

impl FromRequestParts<WebState> for AnyStaff {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Denied> {
        match person(parts, state).await? {
            Person::Staff(staff) => Ok(Self(staff)),
            Person::Notary(_) => Err(Problem::NotFound.into()),
        }
    }
}

impl FromRequestParts<WebState> for StaffUser {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Denied> {
        let AnyStaff(all) = AnyStaff::from_request_parts(parts, state).await?;
        let slug = slug_of(parts, state).await.ok_or(Problem::NotFound)?;
        let identity = all
            .into_iter()
            .find(|identity| identity.department == slug)
            .ok_or(Problem::NotFound)?;
        let department = state
            .app()
            .department(&slug)
            .await
            .map_err(Problem::from)?
            .ok_or(Problem::NotFound)?;
        if let Some(known) = parts.extensions.get::<Known>() {
            known.name_tenant(&slug);
        }
        Ok(Self { identity, department })
    }
}

/// The person who is logged in, or the way to the login.
async fn person(parts: &mut Parts, state: &WebState) -> Result<Person, Denied> {
    let visit = Visit::from_request_parts(parts, state).await?;
    match visit.person(state).await? {
        Some(person) => Ok(person.clone()),
        None => {
            if visit.login.is_some() {
                // Logged in once, and no longer known: nothing of it may stay.
                visit.session.flush().await.map_err(Problem::from)?;
            }
            Err(Denied::First(to_login(&visit, parts.uri.path())))
        }
    }
}

/// To the choice of providers, which will bring the person back to `path`.
pub(crate) fn to_login(visit: &Visit, path: &str) -> Redirect {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(path) = ReturnTo::parse(path) {
        query.append_pair("suite", path.as_str());
    }
    if let Some((_, reason)) = &visit.ended {
        query.append_pair("motif", reason.code());
    }
    match query.finish() {
        query if query.is_empty() => Redirect::to("/connexion"),
        query => Redirect::to(&format!("/connexion?{query}")),
    }
}

async fn slug_of(parts: &mut Parts, state: &WebState) -> Option<DepartmentSlug> {
    let Path(path) = Path::<HashMap<String, String>>::from_request_parts(parts, state)
        .await
        .ok()?;
    path.get("slug")?.parse().ok()
}
