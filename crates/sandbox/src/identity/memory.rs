//! Requests, codes and tokens under way. Forgotten at a restart: whoever was logging in begins again.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;

/// How long the login page waits for a choice.
const REQUEST_LIFETIME: Duration = Duration::from_mins(30);
/// How long an access token holds.
pub(super) const TOKEN_LIFETIME: Duration = Duration::from_mins(5);

/// A checked request for a login.
#[derive(Debug, Clone)]
pub(super) struct LoginRequest {
    pub(super) client: String,
    pub(super) redirect_uri: String,
    pub(super) scopes: Vec<String>,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) challenge: String,
}

/// A login that happened, waiting behind its code.
#[derive(Debug, Clone)]
pub(super) struct Login {
    pub(super) request: LoginRequest,
    pub(super) subject: String,
    /// Seconds since 1970.
    pub(super) at: i64,
}

/// What an access token gives.
#[derive(Debug, Clone)]
pub(super) struct Access {
    pub(super) subject: String,
    pub(super) client: String,
    pub(super) scopes: Vec<String>,
    code: String,
}

#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Inside>);

#[derive(Debug, Default)]
struct Inside {
    requests: HashMap<String, (Instant, LoginRequest)>,
    codes: HashMap<String, (Instant, Option<Login>)>,
    tokens: HashMap<String, (Instant, Access)>,
    assertions: HashSet<String>,
}

impl Memory {
    /// Keeps a request and returns its handle.
    pub(super) fn keep(&self, request: LoginRequest) -> String {
        let (handle, now) = (draw(), Instant::now());
        let mut inside = self.lock();
        inside.requests.retain(|_, (until, _)| *until > now);
        inside
            .requests
            .insert(handle.clone(), (now + REQUEST_LIFETIME, request));
        handle
    }

    /// The request of a handle; it stays, for whoever goes back and chooses again.
    pub(super) fn request(&self, handle: &str) -> Option<LoginRequest> {
        let inside = self.lock();
        let (until, request) = inside.requests.get(handle)?;
        (*until > Instant::now()).then(|| request.clone())
    }

    /// A code for a login.
    pub(super) fn code(&self, login: Login, lifetime: Duration) -> String {
        let code = draw();
        self.lock()
            .codes
            .insert(code.clone(), (Instant::now() + lifetime, Some(login)));
        code
    }

    /// What is behind a code, once. Shown a second time it also ends the tokens it gave (RFC 6749, 4.1.2).
    pub(super) fn redeem(&self, code: &str) -> Option<Login> {
        let mut inside = self.lock();
        let (until, login) = inside.codes.get_mut(code)?;
        match login.take() {
            Some(login) => (*until > Instant::now()).then_some(login),
            None => {
                inside.tokens.retain(|_, (_, access)| access.code != code);
                None
            }
        }
    }

    /// An access token.
    pub(super) fn token(&self, login: &Login, code: &str) -> String {
        let (token, now) = (draw(), Instant::now());
        let access = Access {
            subject: login.subject.clone(),
            client: login.request.client.clone(),
            scopes: login.request.scopes.clone(),
            code: code.to_owned(),
        };
        let mut inside = self.lock();
        inside.tokens.retain(|_, (until, _)| *until > now);
        inside
            .tokens
            .insert(token.clone(), (now + TOKEN_LIFETIME, access));
        token
    }

    /// What an access token gives.
    pub(super) fn access(&self, token: &str) -> Option<Access> {
        let inside = self.lock();
        let (until, access) = inside.tokens.get(token)?;
        (*until > Instant::now()).then(|| access.clone())
    }

    /// Whether an assertion is new; it is not, from now on.
    pub(super) fn is_new_assertion(&self, id: String) -> bool {
        self.lock().assertions.insert(id)
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 256 random bits as text.
fn draw() -> String {
    BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>())
}
