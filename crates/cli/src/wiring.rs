//! The parts put together, from the configuration.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use app::{App, AppSettings, Edges, Mailer};
use db::{Db, MigrateSettings};
use letters::Renderer;
use objects::{Keyring, ObjectStore};
use views::Views;
use web::{WebParts, WebState};

use crate::config::Config;

/// The application and what else a process needs of its edges.
pub(crate) struct Wired {
    pub(crate) app: App,
    pub(crate) db: Db,
    pub(crate) objects: ObjectStore,
}

/// Connects to the database and prepares everything else; no other server is spoken to yet.
pub(crate) async fn wire(config: &Config) -> Result<Wired> {
    let db = Db::connect(&config.database).await.context(
        "cannot connect to the database\n  next: check database.url and that PostgreSQL runs; `dn doctor` says more",
    )?;
    wire_with(config, db).await
}

/// As [`wire`], for when the database may be away: it is spoken to when first needed.
pub(crate) async fn wire_without_database(config: &Config) -> Result<Wired> {
    let db = Db::prepare(&config.database).context("the database cannot be used")?;
    wire_with(config, db).await
}

async fn wire_with(config: &Config, db: Db) -> Result<Wired> {
    let objects = ObjectStore::connect(&config.storage)
        .await
        .context("storage cannot be used")?;
    let edges = Edges {
        db: db.clone(),
        objects: objects.clone(),
        keyring: Keyring::new(&config.storage).context("storage.master_keys cannot be used")?,
        renderer: Renderer::new(&config.letters).context("letters cannot be rendered")?,
        views: Arc::new(Views::new().context("the templates cannot be read")?),
        mailer: Mailer::new(&config.mail).context("mail cannot be used")?,
    };
    let app = App::new(edges, settings(config)).context("privacy.index_key cannot be used")?;
    Ok(Wired { app, db, objects })
}

/// What the use cases are configured with.
pub(crate) fn settings(config: &Config) -> AppSettings {
    AppSettings {
        public_url: config.web.public_url.clone(),
        index_key: config.privacy.index_key.clone(),
        terms_version: app::TERMS_VERSION.to_owned(),
        quota: config.limits,
        operator: config.operator.clone(),
    }
}

impl Wired {
    /// Refuses to serve on a database that `dn migrate` has not brought to what this program needs. A newer one is fine:
    /// migrations only add while an older version still runs.
    pub(crate) async fn check_migrated(&self) -> Result<()> {
        let has = self
            .db
            .schema_version()
            .await
            .context("the database does not answer")?;
        let wants = db::migrate::platform_version();
        ensure!(
            has >= wants,
            "the database is at version {has}, this program needs {wants}\n  next: run `dn migrate`"
        );
        Ok(())
    }

    /// What the web server is made of.
    pub(crate) fn web(&self, config: &Config) -> Result<WebState> {
        WebState::new(WebParts {
            app: self.app.clone(),
            sessions: self.db.sessions(),
            settings: config.web.clone(),
            providers: config.providers(),
        })
        .context("the web server cannot be set up")
    }
}

/// The owner's login, for commands that need it.
pub(crate) fn owner(config: &Config) -> Result<MigrateSettings> {
    let settings = MigrateSettings::try_from(&config.database).context(
        "this command needs the owner’s login\n  next: set database.migrate_url (DN__DATABASE__MIGRATE_URL)",
    )?;
    Ok(MigrateSettings {
        operator: config.operator.clone(),
        ..settings
    })
}
