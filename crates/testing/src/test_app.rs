//! The whole application in one process, on servers of its own.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use app::tenants::Tenants;
use app::{App, AppSettings, Edges, MailSettings, Mailer, TlsMode, Worker};
use db::{DatabaseSettings, Db, MigrateSettings, NewStaff};
use domain::{DepartmentSlug, Quota, Role, RoleSet, StaffId};
use letters::{RenderSettings, Renderer};
use objects::{Keyring, ObjectStore, StorageSettings};
use sandbox::{IdentityProvider, MailCatcher, Person, Postgres, S3Endpoint};
use secrecy::SecretString;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;
use uuid::Uuid;
use views::Views;
use web::oidc::ProviderSettings;
use web::{WebParts, WebSettings, WebState};

use crate::{Site, TestDepartment, database, people, providers};

/// Changes what a test's application is made with.
type Change<T> = Box<dyn FnOnce(&mut T) + Send>;

/// Makes a [`TestApp`] that differs from the usual one.
#[derive(Default)]
pub struct TestAppBuilder {
    app: Option<Change<AppSettings>>,
    web: Option<Change<WebSettings>>,
    providers: Option<Change<Vec<ProviderSettings>>>,
    listener: Option<TcpListener>,
    database: Option<Change<DatabaseSettings>>,
    departments: Vec<TestDepartment>,
    notaries: Vec<Person>,
}

/// The whole application: a database of its own, object storage, identity providers, mail catcher, web server. Jobs
/// are done when the test says so: [`TestApp::work`]. All of it ends with this value.
pub struct TestApp {
    /// Where it is served; its methods are this one's too.
    pub site: Site,
    /// The use cases.
    pub app: App,
    /// The database.
    pub db: Db,
    /// Name of the database, for [`Postgres::run`].
    pub database: String,
    /// The cluster it is in.
    pub postgres: &'static Postgres,
    /// Where mails arrive.
    pub mails: MailCatcher,
    /// Provider `idnot`.
    pub notaries: IdentityProvider,
    /// Provider `proconnect`.
    pub agents: IdentityProvider,
    /// Object storage.
    pub objects: S3Endpoint,
    /// Folder of this test.
    pub dir: TempDir,
    settings: AppSettings,
    serving: JoinHandle<std::io::Result<()>>,
    _stop: DropGuard,
}

impl TestApp {
    /// The usual one.
    ///
    /// # Errors
    /// When something does not start.
    pub async fn start() -> Result<Self> {
        Self::builder().start().await
    }

    /// One that differs.
    pub fn builder() -> TestAppBuilder {
        TestAppBuilder::default()
    }

    /// Another application on the same servers, configured differently.
    ///
    /// # Errors
    /// When its configuration cannot be used.
    pub async fn another(&self, change: impl FnOnce(&mut StorageSettings)) -> Result<App> {
        let mut storage = storage(&self.objects);
        change(&mut storage);
        assemble(self.db.clone(), &storage, &self.mails, self.settings.clone()).await
    }

    /// The application as another process has it: on the same servers, with connections and caches of its own.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn another_process(&self) -> Result<App> {
        let db = connect(self.postgres, &self.database, |_| ()).await?;
        assemble(db, &storage(&self.objects), &self.mails, self.settings.clone()).await
    }

    /// The owner's login to the test's database.
    pub fn owner(&self) -> MigrateSettings {
        owner(self.postgres, &self.database)
    }

    /// Names a member of a département's staff with one role: `auditor@rhone.example`.
    ///
    /// # Errors
    /// When it cannot be recorded.
    pub async fn employ(&self, department: &str, role: Role) -> Result<()> {
        let department: DepartmentSlug = department.parse()?;
        let person = NewStaff {
            id: StaffId(Uuid::now_v7()),
            email: format!("{role}@{department}.example"),
            name: "Anne Vasselin".to_owned(),
            roles: RoleSet::new([role]),
            department,
        };
        let mut tx = self.db.platform().await?;
        tx.staff().name(&person).await?;
        Ok(tx.save().await?)
    }

    /// Does every job that is due, and those they cause.
    ///
    /// # Errors
    /// When the queue cannot be reached.
    pub async fn work(&self) -> Result<()> {
        db::jobs::drain(&self.db, Arc::new(Worker::new(self.app.clone()))).await?;
        Ok(())
    }

    /// What the database answers to the superuser: effects are looked at there.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn sql(&self, statement: &str) -> Result<String> {
        Ok(self
            .postgres
            .run(&self.database, statement)
            .await?
            .trim()
            .to_owned())
    }
}

impl Deref for TestApp {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.serving.abort();
        // The server may outlive this test: its databases must not pile up. A thread, because this one runs a runtime.
        let (postgres, database) = (self.postgres, std::mem::take(&mut self.database));
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(postgres.drop_database(&database))
        });
        let _ = dropped.join();
    }
}

impl TestAppBuilder {
    /// Changes what the use cases are configured with.
    #[must_use]
    pub fn app(mut self, change: impl FnOnce(&mut AppSettings) + Send + 'static) -> Self {
        self.app = Some(Box::new(change));
        self
    }

    /// Changes the web server's settings.
    #[must_use]
    pub fn web(mut self, change: impl FnOnce(&mut WebSettings) + Send + 'static) -> Self {
        self.web = Some(Box::new(change));
        self
    }

    /// Changes the providers: `idnot` and `proconnect` are there already.
    #[must_use]
    pub fn providers(mut self, change: impl FnOnce(&mut Vec<ProviderSettings>) + Send + 'static) -> Self {
        self.providers = Some(Box::new(change));
        self
    }

    /// Where to listen, for a test whose providers must know the address beforehand.
    #[must_use]
    pub fn listener(mut self, listener: TcpListener) -> Self {
        self.listener = Some(listener);
        self
    }

    /// Changes how the database is reached.
    #[must_use]
    pub fn database(mut self, change: impl FnOnce(&mut DatabaseSettings) + Send + 'static) -> Self {
        self.database = Some(Box::new(change));
        self
    }

    /// Départements besides the two of every test. The administrator of each logs in as `agent-<slug>`.
    #[must_use]
    pub fn departments(mut self, departments: Vec<TestDepartment>) -> Self {
        self.departments = departments;
        self
    }

    /// Notaries besides those of every test.
    #[must_use]
    pub fn notaries(mut self, notaries: Vec<Person>) -> Self {
        self.notaries = notaries;
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// When something does not start.
    pub async fn start(self) -> Result<TestApp> {
        let dir = tempfile::tempdir()?;
        let listener = match self.listener {
            Some(listener) => listener,
            None => TcpListener::bind(("127.0.0.1", 0)).await?,
        };
        let url: Url = format!("http://{}/", listener.local_addr()?).parse()?;
        let postgres = Postgres::shared_for_tests().await?;
        let database = database::copy(postgres).await?;
        let mails = MailCatcher::start(None).await?;
        let objects = S3Endpoint::start(dir.path()).await?;
        let notaries = providers::notaries(&dir.path().join("idnot"), &url, self.notaries).await?;
        let administrators = self.departments.iter().map(people::administrator).collect();
        let agents = providers::agents(&dir.path().join("proconnect"), &url, administrators).await?;
        let change = self.database.unwrap_or_else(|| Box::new(|_| ()));
        let db = connect(postgres, &database, change).await?;
        let mut app_settings = usual(&url);
        if let Some(change) = self.app {
            change(&mut app_settings);
        }
        let app = assemble(db.clone(), &storage(&objects), &mails, app_settings.clone()).await?;
        let tenants = Tenants::new(app.clone(), owner(postgres, &database));
        for department in &self.departments {
            database::settle(&app, &tenants, department, dir.path()).await?;
        }
        let mut settings = WebSettings::new(url.clone());
        if let Some(change) = self.web {
            change(&mut settings);
        }
        let mut providers = vec![
            providers::settings(providers::idnot(&notaries))?,
            providers::settings(providers::proconnect(&agents))?,
        ];
        if let Some(change) = self.providers {
            change(&mut providers);
        }
        let parts = WebParts {
            app: app.clone(),
            sessions: db.sessions(),
            settings,
            providers,
        };
        let state = WebState::new(parts)?;
        let stop = CancellationToken::new();
        let serving = tokio::spawn(web::serve(listener, state, stop.clone()));
        Ok(TestApp {
            site: Site { url },
            app,
            db,
            database,
            postgres,
            mails,
            notaries,
            agents,
            objects,
            dir,
            settings: app_settings,
            serving,
            _stop: stop.drop_guard(),
        })
    }
}

fn owner(postgres: &Postgres, database: &str) -> MigrateSettings {
    let url = |role| postgres.url_as(role, database);
    MigrateSettings::new(url(database::OWNER_ROLE), url(database::APP_ROLE))
}

/// The application's own connection to a database.
pub(crate) async fn connect(
    postgres: &Postgres,
    database: &str,
    change: impl FnOnce(&mut DatabaseSettings),
) -> Result<Db> {
    let mut settings = DatabaseSettings {
        max_connections: 6,
        ..DatabaseSettings::new(postgres.url_as(database::APP_ROLE, database))
    };
    change(&mut settings);
    Db::connect(&settings).await.context("the test database")
}

/// The use cases on these servers.
pub(crate) async fn application(db: Db, objects: &S3Endpoint, mails: &MailCatcher, url: &Url) -> Result<App> {
    assemble(db, &storage(objects), mails, usual(url)).await
}

fn usual(url: &Url) -> AppSettings {
    AppSettings {
        public_url: url.clone(),
        index_key: SecretString::from(KEY),
        terms_version: app::TERMS_VERSION.to_owned(),
        quota: Quota::default(),
        operator: db::Operator::default(),
    }
}

async fn assemble(
    db: Db,
    storage: &StorageSettings,
    mails: &MailCatcher,
    settings: AppSettings,
) -> Result<App> {
    let store = ObjectStore::connect(storage).await?;
    store.ensure_bucket().await?;
    let edges = Edges {
        db,
        objects: store,
        keyring: Keyring::new(storage)?,
        renderer: Renderer::new(&RenderSettings::default())?,
        views: Arc::new(Views::new()?),
        mailer: Mailer::new(&mail(mails))?,
    };
    App::new(edges, settings).map_err(|error| anyhow!(error))
}

/// 32 bytes in base64: the same in every test, because the template database was written with it.
pub const KEY: &str = "dGhpcnR5LXR3byBieXRlcyBmb3IgdGVzdHMgb25seSE=";

fn storage(objects: &S3Endpoint) -> StorageSettings {
    StorageSettings {
        endpoint: objects.endpoint(),
        region: "fr-par".to_owned(),
        bucket: "lettres".to_owned(),
        path_style: true,
        access_key: SecretString::from(objects.access_key()),
        secret_key: SecretString::from(objects.secret_key()),
        master_keys: BTreeMap::from([("test".to_owned(), SecretString::from(KEY))]),
        current_master: "test".to_owned(),
        connect_timeout_seconds: 5,
        attempt_timeout_seconds: 10,
        attempts: 2,
    }
}

fn mail(mails: &MailCatcher) -> MailSettings {
    MailSettings {
        host: "127.0.0.1".to_owned(),
        port: mails.smtp_port(),
        tls: TlsMode::None,
        user: None,
        password: None,
        from: "\"Départements & Notaires\" <ne-pas-repondre@dn.example>".to_owned(),
        message_id_domain: "dn.example".to_owned(),
    }
}

/// A folder that exists.
pub(crate) fn folder(path: &Path) -> Result<&Path> {
    std::fs::create_dir_all(path)?;
    Ok(path)
}
