//! What a person typed, kept in the session for a moment: a form that was sent just after the login had ended or that
//! a limit stopped, a search. It is given to nobody but that person. (The store encrypts what a session holds.)

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use tower_sessions::session::Error;
use views::forms::InquiryForm;

use crate::session::Account;

/// What is kept: its name in the session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept(&'static str);

/// A form that was sent just after the login had ended.
pub(crate) const DRAFT: Kept = Kept("draft");
/// A form that a limit stopped: see [`Stopped`].
pub(crate) const STOPPED: Kept = Kept("stopped");
/// What is looked for in « Mes demandes »: a name must not stand in an address.
pub(crate) const SEARCH: Kept = Kept("search");

#[derive(Serialize, Deserialize)]
struct Owned<T> {
    account: Account,
    value: T,
}

impl Kept {
    /// Keeps it for this person.
    pub(crate) async fn put<T: Serialize>(
        self,
        session: &Session,
        account: &Account,
        value: T,
    ) -> Result<(), Error> {
        let account = account.clone();
        session.insert(self.0, Owned { account, value }).await
    }

    /// What is kept for this person, if anything is.
    pub(crate) async fn get<T: DeserializeOwned>(
        self,
        session: &Session,
        account: &Account,
    ) -> Result<Option<T>, Error> {
        let owned = session.get::<Owned<T>>(self.0).await?;
        Ok(owned
            .filter(|owned| owned.account == *account)
            .map(|owned| owned.value))
    }

    /// As [`Kept::get`], once.
    pub(crate) async fn take<T: DeserializeOwned>(
        self,
        session: &Session,
        account: &Account,
    ) -> Result<Option<T>, Error> {
        let value = self.get(session, account).await?;
        if session.get_value(self.0).await?.is_some() {
            session.remove_value(self.0).await?;
        }
        Ok(value)
    }
}

/// How long a stopped form is kept after it would pass: over a night.
const KEPT: TimeDelta = TimeDelta::hours(12);

/// A form that a limit stopped. It outlives the login, because a limit per day may last longer: see
/// [`forget_but_stopped`]. A logout takes it away.
#[derive(Serialize, Deserialize)]
pub(crate) struct Stopped {
    pub(crate) form: InquiryForm,
    /// From when on it passes.
    pub(crate) opens_at: DateTime<Utc>,
}

impl Stopped {
    /// Until when it is kept.
    pub(crate) fn kept_until(&self) -> DateTime<Utc> {
        self.opens_at + KEPT
    }
}

/// Until when this session is needed for a form that a limit stopped, whoever typed it.
pub(crate) async fn stopped_until(session: &Session) -> Result<Option<DateTime<Utc>>, Error> {
    let owned = session.get::<Owned<Stopped>>(STOPPED.0).await?;
    Ok(owned.map(|owned| owned.value.kept_until()))
}

/// Ends a session. A form that a limit stopped, and nothing else, goes over into another one, under another id.
pub(crate) async fn forget_but_stopped(session: &Session, now: DateTime<Utc>) -> Result<(), Error> {
    let stopped = session.get::<Owned<Stopped>>(STOPPED.0).await?;
    session.flush().await?;
    if let Some(stopped) = stopped.filter(|stopped| stopped.value.kept_until() > now) {
        session.cycle_id().await?;
        session.insert(STOPPED.0, stopped).await?;
    }
    Ok(())
}
