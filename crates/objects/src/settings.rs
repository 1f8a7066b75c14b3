//! `[storage]` of the configuration.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Deserialize;

/// Where objects lie and how they are encrypted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageSettings {
    /// Address of the S3 interface: `https://s3.example.fr`.
    pub endpoint: String,
    /// Region, as the store wants it.
    #[serde(default = "default_region")]
    pub region: String,
    /// Bucket; made when missing.
    pub bucket: String,
    /// `https://host/bucket/key` instead of `https://bucket.host/key`; most stores that are not Amazon's want it.
    #[serde(default = "yes")]
    pub path_style: bool,
    /// Access key.
    pub access_key: SecretString,
    /// Secret key.
    pub secret_key: SecretString,
    /// Master keys by id: 32 bytes each, in base64 (`openssl rand -base64 32`).
    pub master_keys: BTreeMap<String, SecretString>,
    /// Id of the master key that wraps new data keys.
    pub current_master: String,
    /// Seconds to wait for a connection.
    #[serde(default = "connect_timeout")]
    pub connect_timeout_seconds: u64,
    /// Seconds one attempt may take.
    #[serde(default = "attempt_timeout")]
    pub attempt_timeout_seconds: u64,
    /// Attempts before an error is told.
    #[serde(default = "attempts")]
    pub attempts: u32,
}

fn default_region() -> String {
    "fr-par".to_owned()
}

fn yes() -> bool {
    true
}

fn connect_timeout() -> u64 {
    3
}

fn attempt_timeout() -> u64 {
    20
}

fn attempts() -> u32 {
    3
}
