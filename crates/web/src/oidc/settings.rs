//! What the configuration says of a provider.

use std::collections::BTreeMap;

use domain::DepartmentSlug;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

/// One provider of identities.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSettings {
    /// Short name in our addresses: lower case letters, digits, hyphens.
    pub id: String,
    /// Name on the button: « ID.not », « ProConnect ».
    pub label: String,
    /// Whom it identifies.
    pub audience: Audience,
    /// Issuer identifier: what `iss` must be, to the letter, and where discovery starts.
    pub issuer: String,
    /// Addresses to use instead of discovery; their host need not be the issuer's.
    #[serde(default)]
    pub endpoints: Option<Endpoints>,
    /// Our name at the provider.
    pub client_id: String,
    /// How we prove that it is us.
    pub client_authentication: ClientAuthentication,
    /// For the two methods with a secret.
    #[serde(default)]
    pub client_secret: Option<SecretString>,
    /// For `private_key_jwt`: private key, PEM.
    #[serde(default)]
    pub private_key: Option<SecretString>,
    /// For `private_key_jwt`: `kid` of the key as the provider knows it.
    #[serde(default)]
    pub private_key_id: Option<String>,
    /// For `private_key_jwt`: signature algorithm, which the key must fit.
    #[serde(default)]
    pub assertion_algorithm: AssertionAlgorithm,
    /// For `private_key_jwt`: to whom the assertion is addressed.
    #[serde(default)]
    pub assertion_audience: AssertionAudience,
    /// Scopes asked; `openid` is among them.
    #[serde(default = "default_scopes")]
    pub scopes: Vec<String>,
    /// More parameters of the authorization request.
    #[serde(default)]
    pub extra_parameters: BTreeMap<String, String>,
    /// How strongly the person must have been authenticated.
    #[serde(default)]
    pub acr: AcrSettings,
    /// Names of the claims.
    #[serde(default)]
    pub claims: ClaimNames,
    /// Where claims other than those of the ID token come from.
    #[serde(default)]
    pub userinfo: UserInfo,
    /// Whether leaving us also ends the session at the provider.
    #[serde(default)]
    pub logout: bool,
    /// What is enough to link an account to a member of staff whom a département names by e-mail.
    #[serde(default)]
    pub staff: StaffLinking,
    /// Départements whose staff it may identify; officers only, and never left to a default.
    #[serde(default)]
    pub departments: Option<SpeaksFor>,
}

fn default_scopes() -> Vec<String> {
    ["openid", "profile", "email"].map(str::to_owned).to_vec()
}

/// Whom a provider identifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Notaries and their collaborators.
    Notary,
    /// The staff of départements.
    Officer,
}

/// Addresses of a provider, where discovery is not to be used.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    /// Where the browser is sent.
    pub authorization: Url,
    /// Where the code is exchanged.
    pub token: Url,
    /// Public keys.
    pub jwks: Url,
    /// Claims.
    #[serde(default)]
    pub userinfo: Option<Url>,
    /// RP-initiated logout.
    #[serde(default)]
    pub end_session: Option<Url>,
}

/// Client authentication at the token endpoint (OpenID Connect Core, 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// HTTP Basic.
    ClientSecretBasic,
    /// Secret in the body.
    ClientSecretPost,
    /// Signed assertion (RFC 7523).
    PrivateKeyJwt,
}

/// Signature algorithm of client assertions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum AssertionAlgorithm {
    /// RSA, PKCS#1 v1.5, SHA-256.
    #[default]
    RS256,
    /// RSA-PSS, SHA-256.
    PS256,
    /// ECDSA on P-256.
    ES256,
}

/// Whom a client assertion is addressed to; providers differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssertionAudience {
    /// The token endpoint, as OpenID Connect Core says.
    #[default]
    TokenEndpoint,
    /// The issuer, as later advice has it.
    Issuer,
}

/// Authentication context class.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AcrSettings {
    /// How it is asked for.
    pub request: AcrRequest,
    /// Values of which the ID token must hold one; none: not checked.
    pub required: Vec<String>,
}

/// How an authentication context class is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcrRequest {
    /// Not at all.
    #[default]
    None,
    /// As an essential claim, in the `claims` parameter.
    Claims,
    /// In `acr_values`.
    AcrValues,
}

/// Where claims come from besides the ID token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserInfo {
    /// Nowhere.
    None,
    /// The userinfo endpoint, as JSON.
    #[default]
    Json,
    /// The userinfo endpoint, as a signed JWT; anything unsigned is refused.
    Jwt,
}

/// Départements a provider speaks for. Whoever runs a provider can make it say anything.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum SpeaksFor {
    /// `"all"`: the State's own federation.
    All(All),
    /// The slugs of some.
    Only(Vec<DepartmentSlug>),
}

/// The word `"all"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum All {
    /// Every département.
    All,
}

impl SpeaksFor {
    /// The départements; `None` for all.
    pub fn departments(&self) -> Option<Vec<DepartmentSlug>> {
        match self {
            Self::All(All::All) => None,
            Self::Only(departments) => Some(departments.clone()),
        }
    }
}

/// What makes a provider's word enough to link an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(tag = "link", rename_all = "snake_case", deny_unknown_fields)]
pub enum StaffLinking {
    /// It says that it checked the e-mail.
    #[default]
    VerifiedEmail,
    /// It states a SIRET of the département and one of these roles.
    SiretAndRole {
        /// Roles of which one is enough.
        roles: Vec<String>,
    },
}

/// Names of claims. `a.b` means `b` inside `a`, unless a claim is called `a.b`; numbers count in lists from 0.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimNames {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// E-mail.
    pub email: String,
    /// Whether the provider checked the e-mail.
    pub email_verified: String,
    /// Code of the office at the CRPCEN.
    pub crpcen: String,
    /// Name of the office.
    pub office_name: String,
    /// Address of the office: text, list of lines, or OpenID Connect address.
    pub office_address: String,
    /// SIRET of the agent's establishment.
    pub siret: String,
    /// Roles: list or text.
    pub roles: String,
    /// Authentication context class, in the ID token.
    pub acr: String,
}

impl Default for ClaimNames {
    fn default() -> Self {
        Self {
            given_name: "given_name".into(),
            family_name: "family_name".into(),
            email: "email".into(),
            email_verified: "email_verified".into(),
            crpcen: "crpcen".into(),
            office_name: "office_name".into(),
            office_address: "office_address".into(),
            siret: "siret".into(),
            roles: "roles".into(),
            acr: "acr".into(),
        }
    }
}

/// A provider is configured wrongly.
#[derive(Debug, thiserror::Error)]
pub enum ProviderSettingsError {
    /// Its id cannot stand in an address.
    #[error("provider id `{0}`: use 2 to 40 lower case letters, digits and hyphens")]
    Id(String),
    /// Two have the same id.
    #[error("two providers are called `{0}`")]
    Duplicate(String),
    /// An address is not one.
    #[error("provider `{id}`: {what} is not an absolute address")]
    Address {
        /// Provider.
        id: String,
        /// Which address.
        what: &'static str,
    },
    /// An address would send secrets in clear.
    #[error("provider `{id}`: {what} must be https (http is for loopback addresses only)")]
    Insecure {
        /// Provider.
        id: String,
        /// Which address.
        what: &'static str,
    },
    /// The secret its authentication method needs is missing.
    #[error("provider `{id}`: {what} is missing")]
    Missing {
        /// Provider.
        id: String,
        /// What is missing.
        what: &'static str,
    },
    /// The private key does not read, or does not fit the algorithm.
    #[error("provider `{0}`: private_key is no PEM private key for assertion_algorithm")]
    PrivateKey(String),
    /// The extra parameters name one that we set.
    #[error("provider `{id}`: extra_parameters may not set `{name}`")]
    ReservedParameter {
        /// Provider.
        id: String,
        /// Parameter.
        name: String,
    },
    /// The HTTP client cannot be set up.
    #[error("the HTTP client for providers cannot be set up")]
    Client(#[source] reqwest::Error),
}

/// Parameters that only we set.
const RESERVED: [&str; 11] = [
    "response_type",
    "response_mode",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
];

impl ProviderSettings {
    /// Checks what can be checked without asking the provider.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), ProviderSettingsError> {
        let id = || self.id.clone();
        let sane = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if !(2..=40).contains(&self.id.len()) || !self.id.bytes().all(sane) {
            return Err(ProviderSettingsError::Id(id()));
        }
        self.check_addresses()?;
        let missing = |what| Err(ProviderSettingsError::Missing { id: id(), what });
        if !self.scopes.iter().any(|scope| scope == "openid") {
            return missing("the scope `openid`");
        }
        match self.client_authentication {
            ClientAuthentication::PrivateKeyJwt if self.private_key.is_none() => {
                return missing("private_key");
            }
            ClientAuthentication::PrivateKeyJwt => {}
            _ if self
                .client_secret
                .as_ref()
                .is_none_or(|s| s.expose_secret().is_empty()) =>
            {
                return missing("client_secret");
            }
            _ => {}
        }
        if self.acr.request != AcrRequest::None && self.acr.required.is_empty() {
            return missing("acr.required");
        }
        if matches!(&self.staff, StaffLinking::SiretAndRole { roles } if roles.is_empty()) {
            return missing("staff.roles");
        }
        if self.audience == Audience::Officer && self.departments.is_none() {
            return missing("departments (slugs it speaks for, or \"all\")");
        }
        match self
            .extra_parameters
            .keys()
            .find(|name| RESERVED.contains(&name.as_str()))
        {
            Some(name) => Err(ProviderSettingsError::ReservedParameter {
                id: id(),
                name: name.clone(),
            }),
            None => Ok(()),
        }
    }

    fn check_addresses(&self) -> Result<(), ProviderSettingsError> {
        let issuer = Url::parse(&self.issuer).map_err(|_| ProviderSettingsError::Address {
            id: self.id.clone(),
            what: "issuer",
        })?;
        let mut addresses = vec![("issuer", Some(&issuer))];
        if let Some(endpoints) = &self.endpoints {
            addresses.extend([
                ("endpoints.authorization", Some(&endpoints.authorization)),
                ("endpoints.token", Some(&endpoints.token)),
                ("endpoints.jwks", Some(&endpoints.jwks)),
                ("endpoints.userinfo", endpoints.userinfo.as_ref()),
                ("endpoints.end_session", endpoints.end_session.as_ref()),
            ]);
            if self.userinfo != UserInfo::None && endpoints.userinfo.is_none() {
                return Err(ProviderSettingsError::Missing {
                    id: self.id.clone(),
                    what: "endpoints.userinfo",
                });
            }
        }
        match addresses
            .into_iter()
            .find(|(_, url)| url.is_some_and(|url| !is_safe(url)))
        {
            Some((what, _)) => Err(ProviderSettingsError::Insecure {
                id: self.id.clone(),
                what,
            }),
            None => Ok(()),
        }
    }
}

/// Whether secrets may go there: https, or a loopback address.
pub(super) fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

/// Whether the address is on this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
