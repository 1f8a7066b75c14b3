//! Who is asking: found out once a request, before anything else looks at it.

use std::sync::Arc;

use app::{NotaryIdentity, StaffIdentity};
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use http::request::Parts;
use tokio::sync::OnceCell;
use tower_sessions::Session;

use crate::WebState;
use crate::kept;
use crate::problem::Problem;
use crate::session::{self, Account, EndReason, Login};

/// One request's visitor.
#[derive(Clone)]
pub(crate) struct Visit {
    /// The session; empty for who has none.
    pub(crate) session: Session,
    /// The login, if there is one; and why it just ended, if it did.
    pub(crate) login: Option<Login>,
    /// Why the login just ended: the person is a stranger again, whose form may be kept.
    pub(crate) ended: Option<(Account, EndReason)>,
    /// The token that forms of this session carry.
    pub(crate) csrf: Option<String>,
    person: Arc<OnceCell<Option<Person>>>,
}

/// The person behind a login, as known today.
#[derive(Debug, Clone)]
pub(crate) enum Person {
    /// A notary.
    Notary(NotaryIdentity),
    /// Staff, of one département or several; never empty.
    Staff(Vec<StaffIdentity>),
}

impl Visit {
    /// The person who is logged in; `None` for strangers and for those who are no longer known.
    pub(crate) async fn person(&self, state: &WebState) -> Result<Option<&Person>, Problem> {
        let Some(login) = &self.login else { return Ok(None) };
        let person = self
            .person
            .get_or_try_init(|| find(state, &login.account))
            .await?;
        Ok(person.as_ref())
    }
}

async fn find(state: &WebState, account: &Account) -> Result<Option<Person>, Problem> {
    match account {
        Account::Notary(id) => Ok(state.app().notary(*id).await?.map(Person::Notary)),
        Account::Staff(ids) => {
            let mut staff = Vec::with_capacity(ids.len());
            for id in ids {
                staff.extend(state.app().staff(*id).await?);
            }
            Ok((!staff.is_empty()).then_some(Person::Staff(staff)))
        }
    }
}

/// Looks at the session. A login that has come to its end is forgotten here, before any page sees it.
pub(crate) async fn look(
    State(state): State<WebState>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    match visit(&state, session).await {
        Ok(visit) => {
            let session = visit.session.clone();
            request.extensions_mut().insert(visit);
            let response = next.run(request).await;
            match session::settle(&session, state.settings()).await {
                Ok(()) => response,
                Err(error) => Problem::from(error).into_response(),
            }
        }
        Err(problem) => problem.into_response(),
    }
}

async fn visit(state: &WebState, session: Session) -> Result<Visit, Problem> {
    let mut visit = Visit {
        session,
        login: None,
        ended: None,
        csrf: None,
        person: Arc::default(),
    };
    if visit.session.id().is_none() {
        return Ok(visit);
    }
    visit.csrf = session::known_csrf_token(&visit.session).await?;
    match session::login(&visit.session, state.settings(), Utc::now()).await? {
        Some((login, Some(reason))) => {
            kept::forget_but_stopped(&visit.session, Utc::now()).await?;
            visit.ended = Some((login.account, reason));
        }
        Some((login, None)) => visit.login = Some(login),
        None => {}
    }
    Ok(visit)
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // Missing only if a route were outside the layer of sessions.
        parts.extensions.get::<Self>().cloned().ok_or(Problem::NotFound)
    }
}
