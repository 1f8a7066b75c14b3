//! Login with OpenID Connect: authorization code flow with PKCE, any number of providers.
//!
//! What this module holds to, whatever a provider does:
//! - `state` and `nonce` are 32 random bytes each, kept on our side, bound to the provider, used once, for ten minutes at most;
//! - each provider has its own redirect path, and `iss` in the answer (RFC 9207) is checked: with two providers the mix-up attack is real;
//! - an ID token counts only with an asymmetric signature by a key of the provider, its issuer, our audience, our nonce, unexpired;
//! - what `userinfo` says counts only for the same `sub`, and when it is signed, for us and from the issuer;
//! - no claim, token or code is ever logged: a failure has a stable code, and that is all the log gets.

mod assertion;
mod claims;
mod directory;
mod failure;
mod flow;
mod http;
mod keys;
mod pending;
mod provider;
mod settings;
mod userinfo;

pub use failure::LoginFailure;
pub use flow::LoggedIn;
pub use pending::{CallbackQuery, PendingLogin, PendingLogins};
pub use provider::{Provider, Providers};
pub use settings::{
    AcrRequest, AcrSettings, AssertionAlgorithm, AssertionAudience, Audience, ClaimNames,
    ClientAuthentication, Endpoints, ProviderSettings, ProviderSettingsError, SpeaksFor, StaffLinking,
    UserInfo,
};
