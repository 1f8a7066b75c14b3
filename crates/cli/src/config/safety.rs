//! What production must not run with, and the demo must not show to the network.

use std::net::IpAddr;

use anyhow::{Result, bail};
use app::TlsMode;
use secrecy::ExposeSecret;
use url::{Host, Url};

use super::{Config, Stage};

impl Config {
    /// Refuses demo parts in production, and a demo that others could reach.
    pub(super) fn check_safety(&self) -> Result<()> {
        let faults = match self.environment {
            Stage::Production => self.production_faults(),
            Stage::Demo => self.demo_faults(),
        };
        if faults.is_empty() {
            return Ok(());
        }
        bail!("the configuration is not safe:\n  - {}", faults.join("\n  - "))
    }

    fn production_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let url = &self.web.public_url;
        if url.scheme() != "https" && !is_loopback(url) {
            faults.push(
                "web.public_url must begin with https://: logins and answers would travel in clear"
                    .to_owned(),
            );
        }
        if self.mail.tls == TlsMode::None && !is_loopback_host(&self.mail.host) {
            faults.push(
                "mail.tls = \"none\" is for a relay on this machine only: use \"starttls\" or \"tls\""
                    .to_owned(),
            );
        }
        for (id, provider) in &self.providers {
            let endpoints = provider
                .endpoints
                .iter()
                .flat_map(|e| [&e.authorization, &e.token, &e.jwks]);
            let issuer = Url::parse(&provider.issuer).ok();
            if endpoints.chain(&issuer).any(|url| url.scheme() != "https") {
                faults.push(format!(
                    "providers.{id} is not reached by https: the demo’s identity provider lets anybody in"
                ));
            }
        }
        for (key, value) in self.keys() {
            if is_well_known(value) {
                faults.push(format!("{key} is not a secret: `dn keys generate` draws one"));
            }
        }
        faults
    }

    fn demo_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !self.web.listen.ip().is_loopback() {
            let rule = "environment = \"demo\" listens on this machine only: set web.listen to 127.0.0.1, or leave the demo";
            faults.push(rule.to_owned());
        }
        // A proxy of this machine would show the demo under the address it goes by.
        if !is_loopback(&self.web.public_url) {
            let rule = "environment = \"demo\" is reached from this machine only: set web.public_url to http://localhost:…, or leave the demo";
            faults.push(rule.to_owned());
        }
        faults
    }

    fn keys(&self) -> Vec<(String, &str)> {
        let masters = self.storage.master_keys.iter();
        let masters = masters.map(|(id, key)| (format!("storage.master_keys.{id}"), key.expose_secret()));
        let index = (
            "privacy.index_key".to_owned(),
            self.privacy.index_key.expose_secret(),
        );
        masters.chain([index]).collect()
    }
}

/// A key somebody typed instead of drawing: few different signs (`AAAA…`), or words of an example.
fn is_well_known(key: &str) -> bool {
    let mut signs: Vec<char> = key.trim_end_matches('=').chars().collect();
    signs.sort_unstable();
    signs.dedup();
    signs.len() < 12
        || ["change", "example", "demo", "secret"]
            .iter()
            .any(|word| key.to_lowercase().contains(word))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => is_loopback_host(name),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn is_loopback_host(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_keys_are_told_from_drawn_ones() {
        assert!(is_well_known("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        assert!(is_well_known("changeme-changeme-changeme-changeme-change="));
        assert!(!is_well_known("q8Zt3Yw0N5hVbJ1kXc7LrM2pSf9DgTe4uAiOy6WBnHQ="));
    }
}
