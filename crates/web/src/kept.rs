//! What a person typed, kept in the session for a moment: a form that was sent just after the login had ended, a
//! search. It is given to nobody but that person. (The store encrypts what a session holds.)

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use tower_sessions::session::Error;

use crate::session::Account;

/// What is kept: its name in the session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept(&'static str);

/// A form that was sent just after the login had ended.
pub(crate) const DRAFT: Kept = Kept("draft");
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
