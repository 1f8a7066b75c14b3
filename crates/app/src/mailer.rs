//! SMTP.

use secrecy::SecretString;
use serde::Deserialize;

/// How mails leave (`[mail]` of the configuration).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// Host of the relay.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    #[serde(default)]
    pub tls: TlsMode,
    /// Account at the relay, when it asks for one.
    #[serde(default)]
    pub user: Option<String>,
    /// Its password.
    #[serde(default)]
    pub password: Option<SecretString>,
    /// `Départements & Notaires <ne-pas-repondre@exemple.fr>`.
    pub from: String,
    /// Right-hand side of our Message-IDs.
    pub message_id_domain: String,
}

/// How the connection to the relay is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TlsMode {
    /// Not at all: only to a relay on the same machine.
    None,
    /// Plain at first, then STARTTLS, required.
    #[default]
    StartTls,
    /// TLS from the first byte.
    Tls,
}
