//! What a session holds, and how long.
//!
//! Idle and absolute lifetime are kept in the session itself and checked with every request, so that a person who
//! comes back too late can be told why. The store forgets the session at the end of its absolute lifetime.

use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use domain::{NotaryId, StaffId};
use http::StatusCode;
use rand::Rng;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::Error;
use tower_sessions::{Expiry, Session, SessionManagerLayer};
use views::pages::ErrorKind;

use crate::oidc::PendingLogins;
use crate::{WebSettings, WebState, kept};

/// Name of the cookie. The prefix makes browsers refuse it without `Secure`, with a domain, or from a subdomain.
pub(crate) const COOKIE: &str = "__Host-dn";

/// How long a session stays in the store after its end, for the person to be told.
const GRACE: TimeDelta = TimeDelta::hours(1);
/// The time of the last request is written at most this often.
const TOUCH: TimeDelta = TimeDelta::minutes(1);

const CSRF: &str = "csrf";
const LOGIN: &str = "login";
const SEEN: &str = "seen";
const PENDING: &str = "pending";
const NEXT: &str = "next";

/// Who is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Account {
    /// A notary.
    Notary(NotaryId),
    /// Staff, in one département or several.
    Staff(Vec<StaffId>),
}

/// A login that succeeded.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Login {
    /// Who.
    pub(crate) account: Account,
    /// With which provider.
    pub(crate) provider: String,
    /// For logout at the provider.
    pub(crate) id_token: String,
    /// When.
    pub(crate) at: DateTime<Utc>,
}

/// Why a login came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndReason {
    /// No request for too long.
    Idle,
    /// Logged in for too long.
    TooLong,
}

impl EndReason {
    /// In addresses.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Idle => "inactivite",
            Self::TooLong => "duree",
        }
    }

    /// From an address.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        [Self::Idle, Self::TooLong]
            .into_iter()
            .find(|reason| reason.code() == code)
    }
}

/// The layer that reads the cookie and writes it.
pub(crate) fn layer(state: &WebState) -> SessionManagerLayer<db::DbSessionStore> {
    let idle = time::Duration::seconds(state.settings().session_idle_seconds.into());
    SessionManagerLayer::new(state.sessions())
        .with_name(COOKIE)
        .with_secure(true)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(idle))
}

/// Says what the layer leaves unsaid: its bare 500 means that a session cannot be written, because the database is away. Every
/// failure of our own names its kind.
pub(crate) fn unwritten(mut response: Response) -> Response {
    let ours = response.extensions().get::<ErrorKind>().is_some();
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR && !ours {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        response.extensions_mut().insert(ErrorKind::Unavailable);
    }
    response
}

/// The login of a session, if it has one, and whether it has come to its end. Notes that the person is still there.
pub(crate) async fn login(
    session: &Session,
    settings: &WebSettings,
    now: DateTime<Utc>,
) -> Result<Option<(Login, Option<EndReason>)>, Error> {
    let Some(login) = session.get::<Login>(LOGIN).await? else {
        return Ok(None);
    };
    let seen = session.get::<DateTime<Utc>>(SEEN).await?.unwrap_or(login.at);
    let end = end(&login, seen, settings, now);
    if end.is_none() && now - seen >= TOUCH.min(settings.idle() / 8) {
        session.insert(SEEN, now).await?;
    }
    Ok(Some((login, end)))
}

/// Keeps a session that changed for as long as its login may last, or a form in it that a limit stopped. Where nothing
/// changed nothing is written: a request that only reads must not wait for the disk.
pub(crate) async fn settle(session: &Session, settings: &WebSettings) -> Result<(), Error> {
    if !session.is_modified() {
        return Ok(());
    }
    let login = session.get::<Login>(LOGIN).await?;
    let login = login.map(|login| last_moment(&login, settings));
    if let Some(at) = login.max(kept::stopped_until(session).await?) {
        session.set_expiry(Some(until(at)));
    }
    Ok(())
}

fn end(login: &Login, seen: DateTime<Utc>, settings: &WebSettings, now: DateTime<Utc>) -> Option<EndReason> {
    if now - login.at >= settings.absolute() {
        Some(EndReason::TooLong)
    } else if now - seen >= settings.idle() {
        Some(EndReason::Idle)
    } else {
        None
    }
}

/// When the store forgets a login.
fn last_moment(login: &Login, settings: &WebSettings) -> DateTime<Utc> {
    login.at + settings.absolute() + GRACE
}

/// An expiry at that moment.
fn until(at: DateTime<Utc>) -> Expiry {
    OffsetDateTime::from_unix_timestamp(at.timestamp()).map_or(Expiry::OnSessionEnd, Expiry::AtDateTime)
}

/// Logs in: the session gets a new id and a new token, so that neither can have been planted beforehand.
pub(crate) async fn open(session: &Session, login: Login, settings: &WebSettings) -> Result<(), Error> {
    session.cycle_id().await?;
    session.remove_value(CSRF).await?;
    session.set_expiry(Some(until(last_moment(&login, settings))));
    session.insert(SEEN, login.at).await?;
    session.insert(LOGIN, &login).await?;
    take_next(session).await?;
    csrf_token(session).await.map(|_| ())
}

/// The token of the session, if one was drawn.
pub(crate) async fn known_csrf_token(session: &Session) -> Result<Option<String>, Error> {
    session.get(CSRF).await
}

/// The token of the session; drawn when a page with a form is shown first.
pub(crate) async fn csrf_token(session: &Session) -> Result<String, Error> {
    if let Some(token) = known_csrf_token(session).await? {
        return Ok(token);
    }
    let token = random_token();
    session.insert(CSRF, &token).await?;
    Ok(token)
}

/// 32 random bytes, to stand in forms and addresses.
pub(crate) fn random_token() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    BASE64URL_NOPAD.encode(&bytes)
}

/// The logins under way.
pub(crate) async fn pending(session: &Session) -> Result<PendingLogins, Error> {
    Ok(session.get(PENDING).await?.unwrap_or_default())
}

/// Writes the logins under way, at once: a state must be spent whatever happens next.
pub(crate) async fn save_pending(session: &Session, pending: &PendingLogins) -> Result<(), Error> {
    if pending.is_empty() {
        session.remove_value(PENDING).await?;
    } else {
        session.insert(PENDING, pending).await?;
    }
    session.save().await
}

/// Where to go after something that must be done first.
pub(crate) async fn set_next(session: &Session, path: &str) -> Result<(), Error> {
    session.insert(NEXT, path).await
}

/// Where to go after the next login.
pub(crate) async fn next(session: &Session) -> Result<Option<String>, Error> {
    session.get(NEXT).await
}

/// Where to go now, once.
pub(crate) async fn take_next(session: &Session) -> Result<Option<String>, Error> {
    if session.get_value(NEXT).await?.is_none() {
        return Ok(None);
    }
    session.remove(NEXT).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_ends_idle_or_too_long() {
        let settings = WebSettings::new("https://dn.example.org/".parse().unwrap());
        let at = DateTime::UNIX_EPOCH;
        let login = Login {
            account: Account::Staff(vec![]),
            provider: "p".into(),
            id_token: String::new(),
            at,
        };
        let after = |seen: i64, now: i64| {
            end(
                &login,
                at + TimeDelta::minutes(seen),
                &settings,
                at + TimeDelta::minutes(now),
            )
        };
        assert_eq!(after(0, 29), None);
        assert_eq!(after(0, 30), Some(EndReason::Idle));
        assert_eq!(after(470, 479), None);
        assert_eq!(after(479, 480), Some(EndReason::TooLong));
    }

    #[test]
    fn tokens_are_long_and_differ() {
        let (one, other) = (random_token(), random_token());
        assert_eq!(one.len(), 43);
        assert_ne!(one, other);
    }
}
