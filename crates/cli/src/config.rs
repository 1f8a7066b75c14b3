//! Configuration: one file, and the environment over it. Only this program reads either.

mod safety;
mod secrets;
mod show;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use app::MailSettings;
use config::{ConfigError, File, FileFormat, Source, Value, ValueKind};
use db::jobs::WorkerSettings;
use db::{DatabaseSettings, Operator};
use domain::Quota;
use letters::RenderSettings;
use objects::StorageSettings;
use secrecy::SecretString;
use serde::Deserialize;
use web::WebSettings;
use web::oidc::ProviderSettings;

use crate::telemetry::LogSettings;
use secrets::{Environment, WithSecrets};

/// File read when none is named.
const DEFAULT_FILE: &str = "dn.toml";

/// Everything the program is told.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Production unless it says otherwise: then demo parts are refused.
    #[serde(default)]
    pub(crate) environment: Stage,
    /// The web server.
    pub(crate) web: WebSettings,
    /// PostgreSQL.
    pub(crate) database: DatabaseSettings,
    /// Object storage and master keys.
    pub(crate) storage: StorageSettings,
    /// SMTP.
    pub(crate) mail: MailSettings,
    /// Keys that protect people.
    pub(crate) privacy: PrivacySettings,
    /// How many inquiries a notary may make.
    #[serde(default)]
    pub(crate) limits: Quota,
    /// The pool that renders letters.
    #[serde(default)]
    pub(crate) letters: RenderSettings,
    /// The worker.
    #[serde(default)]
    pub(crate) worker: WorkerSettings,
    /// Identity providers, by id.
    #[serde(default)]
    pub(crate) providers: BTreeMap<String, ProviderSettings>,
    /// Logs.
    #[serde(default)]
    pub(crate) log: LogSettings,
    /// Who gave the command, and why: for the audit trails. Not from the file.
    #[serde(skip)]
    pub(crate) operator: Operator,
}

/// Where the program runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stage {
    /// For real people.
    #[default]
    Production,
    /// For fictional ones, on this machine only.
    Demo,
}

/// Keys that protect people.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrivacySettings {
    /// Key of the blind index: 32 random bytes in base64.
    pub(crate) index_key: SecretString,
}

impl Config {
    /// Reads and checks the configuration.
    pub(crate) fn load(file: Option<&Path>) -> Result<Self> {
        let surroundings = Surroundings::real();
        let mut config = Self::from_tree(collect(file, &surroundings)?)?;
        config.operator.name = surroundings.login();
        config.check_safety()?;
        Ok(config)
    }

    /// The configuration in force, without secrets.
    pub(crate) fn shown(file: Option<&Path>) -> Result<serde_json::Value> {
        let tree = collect(file, &Surroundings::real())?;
        let tree: serde_json::Value = tree.try_deserialize().map_err(|error| explain(&error))?;
        Ok(show::without_secrets(tree))
    }

    fn from_tree(tree: config::Config) -> Result<Self> {
        let allowed = tree.clone();
        tree.try_deserialize()
            .map_err(|error| explain_choice(&error, allowed))
    }

    /// The providers, each knowing its id.
    pub(crate) fn providers(&self) -> Vec<ProviderSettings> {
        self.providers.values().cloned().collect()
    }

    /// Whether demo parts are allowed.
    pub(crate) fn is_demo(&self) -> bool {
        self.environment == Stage::Demo
    }
}

/// The process's environment, or that of a test.
struct Surroundings {
    /// `DN__…`.
    settings: HashMap<String, String>,
    /// Any variable.
    lookup: Environment,
}

impl Surroundings {
    fn real() -> Self {
        let settings = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            name.starts_with("DN__").then_some(())?;
            Some((name, value.into_string().ok()?))
        });
        Self {
            settings: settings.collect(),
            lookup: Arc::new(|name| std::env::var(name).ok()),
        }
    }
}

impl Surroundings {
    /// Login of whoever gave the command, as far as the environment tells: behind `sudo`, the person before it.
    fn login(&self) -> Option<String> {
        let known = |name: &&str| (self.lookup)(name).filter(|login| !login.is_empty());
        ["SUDO_USER", "USER", "LOGNAME"].iter().find_map(known)
    }
}

/// File, then environment; in each, secrets fetched from where they are.
fn collect(file: Option<&Path>, surroundings: &Surroundings) -> Result<config::Config> {
    let mut builder = config::Config::builder();
    if let Some(file) = existing(file)? {
        let source = File::new(&file.to_string_lossy(), FileFormat::Toml);
        builder = builder.add_source(with_secrets(source, surroundings));
    }
    let environment = config::Environment::with_prefix("DN")
        .prefix_separator("__")
        .separator("__")
        .source(Some(surroundings.settings.clone()));
    let builder = builder.add_source(with_secrets(environment, surroundings));
    let merged = builder.build().map_err(|error| explain(&error))?;
    let named = config::Config::builder().add_source(NamedProviders(merged));
    named.build().map_err(|error| explain(&error))
}

fn with_secrets<S>(source: S, surroundings: &Surroundings) -> WithSecrets<S> {
    WithSecrets {
        source,
        environment: Arc::clone(&surroundings.lookup),
    }
}

/// The file named, which must be there, or the default one if it is.
fn existing(file: Option<&Path>) -> Result<Option<PathBuf>> {
    match file {
        Some(file) if file.is_file() => Ok(Some(file.to_owned())),
        Some(file) => bail!(
            "the configuration file {} is not there; `dn config example` prints one to begin with",
            file.display()
        ),
        None => Ok(Some(PathBuf::from(DEFAULT_FILE)).filter(|file| file.is_file())),
    }
}

/// Gives each `[providers.<id>]` its id.
#[derive(Debug, Clone)]
struct NamedProviders(config::Config);

impl Source for NamedProviders {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<config::Map<String, Value>, ConfigError> {
        let mut tree = self.0.collect()?;
        let providers = tree.get_mut("providers").map(|value| &mut value.kind);
        if let Some(ValueKind::Table(providers)) = providers {
            for (id, provider) in providers.iter_mut() {
                if let ValueKind::Table(table) = &mut provider.kind {
                    table.insert("id".to_owned(), Value::new(None, id.clone()));
                }
            }
        }
        Ok(tree)
    }
}

fn explain(error: &ConfigError) -> anyhow::Error {
    unusable(&message(error))
}

fn unusable(message: &str) -> anyhow::Error {
    anyhow!("{message}\n  next: mend it and run `dn config check`; `dn config example` shows every key")
        .context("the configuration cannot be used")
}

/// Says which key is wrong, where it comes from and what is allowed, but never what was given: it may be a secret.
fn message(error: &ConfigError) -> String {
    match error {
        ConfigError::Type {
            origin,
            expected,
            key,
            ..
        } => format!("expected {expected}{}", place(key.as_deref(), origin.as_deref())),
        ConfigError::At { error, origin, key } => {
            let inner = match &**error {
                ConfigError::Type { expected, .. } => format!("expected {expected}"),
                other => other.to_string(),
            };
            format!("{inner}{}", place(key.as_deref(), origin.as_deref()))
        }
        ConfigError::NotFound(key) => format!("`{key}` is missing"),
        ConfigError::FileParse { uri, cause } => {
            format!("{} is not TOML: {cause}", uri.as_deref().unwrap_or("the file"))
        }
        other => other.to_string(),
    }
}

/// As [`explain`]; of a value that is none of several, says which these are: `config` itself does not.
fn explain_choice(error: &ConfigError, tree: config::Config) -> anyhow::Error {
    let mut message = message(error);
    if message.contains("does not have variant constructor")
        && let Ok(tree) = tree.try_deserialize::<serde_json::Value>()
        && let Err(told) = serde_json::from_value::<Config>(tree)
        && let Some((_, allowed)) = told.to_string().split_once("expected ")
    {
        message = format!("{message}: expected {allowed}");
    }
    unusable(&message)
}

fn place(key: Option<&str>, origin: Option<&str>) -> String {
    let key = key.map(|key| format!(" at `{key}`")).unwrap_or_default();
    let origin = origin.map(|origin| format!(" in {origin}")).unwrap_or_default();
    format!("{key}{origin}")
}
