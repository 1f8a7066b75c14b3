//! Logins under way: kept in the session, one a tab, each used once.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Minutes a person has to log in at the provider.
const MINUTES: i64 = 10;
/// Logins that may be under way in one browser at once; the oldest gives way.
const TABS: usize = 8;

/// One login under way.
#[derive(Clone, Serialize, Deserialize)]
pub struct PendingLogin {
    pub(super) state: String,
    pub(super) provider: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
    /// Local path to go to afterwards.
    pub return_to: Option<String>,
    pub(super) started_at: DateTime<Utc>,
}

/// What the provider sends the browser back with.
#[derive(Default, Deserialize)]
pub struct CallbackQuery {
    pub(super) code: Option<String>,
    /// Which login it answers.
    pub state: Option<String>,
    pub(super) iss: Option<String>,
    pub(super) error: Option<String>,
}

/// The logins under way in one session.
#[derive(Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PendingLogins(Vec<PendingLogin>);

impl PendingLogins {
    /// Adds one; drops what is too old or too many.
    pub fn add(&mut self, login: PendingLogin, now: DateTime<Utc>) {
        self.0.retain(|login| is_fresh(login, now));
        if self.0.len() >= TABS {
            self.0.remove(0);
        }
        self.0.push(login);
    }

    /// Takes the login this `state` belongs to, if it was begun with this provider and is not too old.
    /// Whatever the answer, that `state` is spent.
    pub fn take(&mut self, state: &str, provider: &str, now: DateTime<Utc>) -> Option<PendingLogin> {
        let place = self.0.iter().position(|login| login.state == state)?;
        let login = self.0.remove(place);
        (login.provider == provider && is_fresh(&login, now)).then_some(login)
    }

    /// Whether none is under way.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn is_fresh(login: &PendingLogin, now: DateTime<Utc>) -> bool {
    let age = now - login.started_at;
    // A clock set back must not make a login immortal.
    age < TimeDelta::minutes(MINUTES) && age > TimeDelta::minutes(-MINUTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(state: &str, provider: &str, started_at: DateTime<Utc>) -> PendingLogin {
        PendingLogin {
            state: state.into(),
            provider: provider.into(),
            nonce: "n".into(),
            verifier: "v".into(),
            return_to: None,
            started_at,
        }
    }

    #[test]
    fn a_state_is_used_once_and_only_with_its_provider() {
        let now = DateTime::UNIX_EPOCH;
        let mut logins = PendingLogins::default();
        logins.add(login("a", "idnot", now), now);
        assert!(logins.take("b", "idnot", now).is_none());
        assert!(logins.take("a", "proconnect", now).is_none());
        assert!(
            logins.take("a", "idnot", now).is_none(),
            "spent by the wrong provider"
        );
        logins.add(login("c", "idnot", now), now);
        assert!(logins.take("c", "idnot", now).is_some());
        assert!(logins.take("c", "idnot", now).is_none());
    }

    #[test]
    fn old_and_surplus_logins_are_dropped() {
        let start = DateTime::UNIX_EPOCH;
        let mut logins = PendingLogins::default();
        logins.add(login("old", "p", start), start);
        let later = start + TimeDelta::minutes(MINUTES);
        assert!(logins.take("old", "p", later).is_none());
        for n in 0..20 {
            logins.add(login(&n.to_string(), "p", later), later);
        }
        assert!(logins.take("11", "p", later).is_none());
        assert!(logins.take("12", "p", later).is_some());
    }
}
