//! `.local/dn.toml`: the demo is configured as any other installation, so that every command works on it:
//! `dn --config .local/dn.toml doctor`.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use domain::Quota;
use toml::{Table, Value, toml};

use super::folder::Folder;
use super::servers::{CLIENT, Servers};

/// Writes the configuration for these servers, with these limits for each notary; returns the file.
pub(in crate::commands) fn write(folder: &Folder, servers: &Servers, limits: Quota) -> Result<PathBuf> {
    let secret = |name: &str| Ok::<_, anyhow::Error>(folder.secret(name)?.0.to_string_lossy().into_owned());
    let keep = |name: &str, secret: &str| {
        let path = folder.keep_secret(name, secret)?;
        Ok::<_, anyhow::Error>(path.to_string_lossy().into_owned())
    };
    let listen = servers.public_url.replace("http://localhost", "127.0.0.1");
    let url = keep("database-url", &servers.database.url)?;
    let owner_url = keep("database-owner-url", &servers.database.owner_url)?;
    let s3_secret = keep("s3-secret-key", servers.s3.secret_key())?;
    let mut settings: Table = toml! {
        environment = "demo"
        [web]
        banner = "Démonstration : toutes les personnes sont fictives."
        [database]
        [storage]
        bucket = "courriers"
        current_master = "demo"
        [storage.master_keys]
        [mail]
        host = "127.0.0.1"
        tls = "none"
        from = "\"Départements & Notaires\" <ne-pas-repondre@dn.example>"
        message_id_domain = "dn.example"
        [privacy]
        [limits]
        [log]
        format = "json"
        filter = "info,graphile_worker=warn,graphile_worker_migrations=warn,s3s=off"
    };
    set(&mut settings, "web", "public_url", servers.public_url.as_str());
    set(&mut settings, "web", "listen", listen);
    set(&mut settings, "database", "url_file", url);
    set(&mut settings, "database", "migrate_url_file", owner_url);
    set(&mut settings, "storage", "endpoint", servers.s3.endpoint());
    set(&mut settings, "storage", "access_key", servers.s3.access_key());
    set(&mut settings, "storage", "secret_key_file", s3_secret);
    set(&mut settings, "mail", "port", i64::from(servers.mail.smtp_port()));
    set(&mut settings, "privacy", "index_key_file", secret("index-key")?);
    set(
        &mut settings,
        "limits",
        "inquiries_per_hour",
        i64::from(limits.inquiries_per_hour),
    );
    set(
        &mut settings,
        "limits",
        "inquiries_per_day",
        i64::from(limits.inquiries_per_day),
    );
    if let Some(Value::Table(storage)) = settings.get_mut("storage") {
        set(storage, "master_keys", "demo_file", secret("master-key")?);
    }
    let mut providers = Table::new();
    providers.insert(
        "notaires".to_owned(),
        notaries(servers, secret("provider-notaires")?).into(),
    );
    providers.insert(
        "agents".to_owned(),
        agents(servers, secret("provider-agents")?).into(),
    );
    settings.insert("providers".to_owned(), providers.into());
    let file = folder.path("dn.toml");
    fs::write(&file, toml::to_string_pretty(&settings)?)?;
    Ok(file)
}

fn set(table: &mut Table, section: &str, key: &str, value: impl Into<Value>) {
    if let Some(Value::Table(section)) = table.get_mut(section) {
        section.insert(key.to_owned(), value.into());
    }
}

fn notaries(servers: &Servers, secret: String) -> Table {
    let mut provider = toml! {
        label = "Identité des notaires (démonstration)"
        audience = "notary"
        client_authentication = "client_secret_basic"
        scopes = ["openid", "profile", "email"]
        userinfo = "json"
        logout = true
    };
    provider.insert("issuer".to_owned(), servers.notaries.issuer().into());
    provider.insert("client_id".to_owned(), CLIENT.into());
    provider.insert("client_secret_file".to_owned(), secret.into());
    provider
}

fn agents(servers: &Servers, secret: String) -> Table {
    let mut provider = toml! {
        label = "Identité des agents (démonstration)"
        audience = "officer"
        departments = "all"
        client_authentication = "client_secret_post"
        scopes = ["openid", "given_name", "usual_name", "email", "uid", "siret", "idp_id", "roles"]
        userinfo = "jwt"
        logout = true
        [claims]
        family_name = "usual_name"
        [acr]
        request = "claims"
        required = ["https://proconnect.gouv.fr/assurance/consistency-checked-2fa"]
        [staff]
        link = "siret_and_role"
        roles = ["agent_public_territorial"]
    };
    provider.insert("issuer".to_owned(), servers.agents.issuer().into());
    provider.insert("client_id".to_owned(), CLIENT.into());
    provider.insert("client_secret_file".to_owned(), secret.into());
    provider
}
