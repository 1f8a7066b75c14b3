//! Servers, a database, and proxies between them and the processes of one test.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sandbox::{Browser, MailCatcher, Page, Postgres, S3Endpoint};
use serde_json::json;
use tempfile::TempDir;
use testing::people::{NOTARY, TestDecedent};
use testing::servers::SeaweedFs;
use testing::{APP_ROLE, KEY, OWNER_ROLE, Providers, Proxy, Site, Speech, fresh_database};

use crate::process::{Ran, Running, command, run};

/// Mail address of [`NOTARY`].
pub(crate) const NOTARY_MAIL: &str = "camille@quais.example";
/// How long something that must happen may take on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// Where one test takes place.
pub(crate) struct Ground {
    pub(crate) site: Site,
    pub(crate) postgres: Cluster,
    pub(crate) database: String,
    /// Between the web process and PostgreSQL.
    pub(crate) web_db: Proxy,
    /// Between the worker and PostgreSQL.
    pub(crate) work_db: Proxy,
    /// In front of the store.
    pub(crate) s3: Proxy,
    /// In front of the relay.
    pub(crate) smtp: Proxy,
    pub(crate) mails: MailCatcher,
    pub(crate) providers: Option<Providers>,
    pub(crate) store: Option<S3Endpoint>,
    /// Folder of this test.
    pub(crate) dir: TempDir,
    references: AtomicU32,
}

/// The cluster the database is in.
pub(crate) enum Cluster {
    /// Shared with other tests, which need it.
    Shared(&'static Postgres),
    /// This test's own, which it may stop.
    Own(Box<Postgres>),
}

/// Where letters are stored.
pub(crate) enum Store {
    /// SeaweedFS, shared with other tests: versions, locks.
    SeaweedFs,
    /// An endpoint of this test's own on this folder.
    Folder(PathBuf),
}

impl Cluster {
    pub(crate) fn get(&self) -> &Postgres {
        match self {
            Self::Shared(postgres) => postgres,
            Self::Own(postgres) => postgres,
        }
    }
}

impl Ground {
    /// On a cluster that other tests share.
    pub(crate) async fn shared(store: Store) -> Result<Self> {
        Self::new(Cluster::Shared(Postgres::shared_for_tests().await?), store).await
    }

    /// On a durable cluster of its own.
    pub(crate) async fn own(store: Store) -> Result<Self> {
        Self::new(Cluster::Own(Box::new(Postgres::durable().await?)), store).await
    }

    async fn new(postgres: Cluster, store: Store) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let database = fresh_database(postgres.get()).await?;
        let mails = MailCatcher::start(None).await?;
        let (endpoint, access, secret, store) = match store {
            Store::SeaweedFs => {
                let weed = SeaweedFs::shared().await?;
                let (access, secret) = (weed.access_key().to_owned(), weed.secret_key().to_owned());
                (weed.endpoint(), access, secret, None)
            }
            Store::Folder(folder) => {
                let store = S3Endpoint::start(&folder).await?;
                let (access, secret) = (store.access_key().to_owned(), store.secret_key().to_owned());
                (store.endpoint(), access, secret, Some(store))
            }
        };
        let port = |url: &str| -> Result<u16> { url::Url::parse(url)?.port().context("a port") };
        let proxy = async |speech, port| Proxy::start(speech, port).await;
        let listen = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let site = Site {
            url: format!("http://{listen}/").parse()?,
        };
        let ground = Self {
            web_db: proxy(Speech::Postgres, postgres.get().port()).await?,
            work_db: proxy(Speech::Postgres, postgres.get().port()).await?,
            s3: proxy(Speech::Http, port(&endpoint)?).await?,
            smtp: proxy(Speech::Smtp, mails.smtp_port()).await?,
            providers: Some(Providers::start(dir.path(), &site.url).await?),
            references: AtomicU32::new(0),
            site,
            postgres,
            database,
            mails,
            store,
            dir,
        };
        ground.configure("web", &ground.web_db, &access, &secret)?;
        ground.configure("work", &ground.work_db, &access, &secret)?;
        Ok(ground)
    }

    fn configure(&self, name: &str, db: &Proxy, access: &str, secret: &str) -> Result<()> {
        let through = |role| -> Result<String> {
            let mut url = url::Url::parse(&self.postgres.get().url_as(role, &self.database))?;
            url.set_port(Some(db.port())).ok().context("a host")?;
            Ok(url.into())
        };
        let providers = self.providers.as_ref().map(Providers::configuration);
        let config = json!({
            "environment": "demo",
            "web": { "public_url": self.site.url, "listen": self.site.url.as_str().trim_start_matches("http://").trim_end_matches('/') },
            "database": {
                "url": through(APP_ROLE)?, "migrate_url": through(OWNER_ROLE)?,
                "max_connections": 12, "acquire_timeout_seconds": 2,
            },
            "storage": {
                "endpoint": format!("http://127.0.0.1:{}", self.s3.port()), "bucket": self.database.replace('_', "-"),
                "access_key": access, "secret_key": secret,
                "master_keys": { "un": KEY }, "current_master": "un",
                "attempt_timeout_seconds": 5, "attempts": 2,
            },
            "mail": {
                "host": "127.0.0.1", "port": self.smtp.port(), "tls": "none", "from": "dn@exemple.fr",
                "message_id_domain": "exemple.fr",
            },
            "privacy": { "index_key": KEY },
            // Nobody reaches a limit here: what is proven is that nothing is lost.
            "limits": { "inquiries_per_hour": 100_000, "inquiries_per_day": 100_000 },
            "worker": { "poll_milliseconds": 200, "stale_seconds": 2, "grace_seconds": 2 },
            "log": { "format": "json" },
            "providers": providers,
        });
        Ok(std::fs::write(self.config(name), toml::to_string(&config)?)?)
    }

    /// Path of a configuration: `web` or `work`.
    pub(crate) fn config(&self, name: &str) -> PathBuf {
        self.dir.path().join(format!("{name}.toml"))
    }

    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.dir.path().join(format!("{name}.log"))
    }

    /// Starts `dn serve` and waits until it is ready.
    pub(crate) async fn serve(&self, arguments: &[&str]) -> Result<Running> {
        let arguments = [&["serve"], arguments].concat();
        let mut serving = Running::start(command(&self.config("web"), &arguments), self.log("web"))?;
        self.wait_until_ready(&mut serving).await?;
        Ok(serving)
    }

    /// Starts `dn work`.
    pub(crate) fn work(&self) -> Result<Running> {
        Running::start(command(&self.config("work"), &["work"]), self.log("work"))
    }

    pub(crate) async fn wait_until_ready(&self, serving: &mut Running) -> Result<()> {
        let (browser, deadline) = (Browser::new()?, Instant::now() + PATIENCE);
        while !browser
            .get(self.site.at("/sante/pret"))
            .await
            .is_ok_and(|page| page.status.is_success())
        {
            ensure!(serving.runs()?, "it ended: {}", serving.said()?);
            ensure!(Instant::now() < deadline, "it is not ready: {}", serving.said()?);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Result<Ran> {
        run(command(&self.config("web"), arguments)).await
    }

    /// A notary's browser.
    pub(crate) async fn notary(&self) -> Result<Browser> {
        self.site.notary(NOTARY).await
    }

    /// Sends the form of an inquiry to the Rhône and fails unless it is answered.
    pub(crate) async fn ask(&self, notary: &Browser, decedent: &TestDecedent) -> Result<Page> {
        let page = self
            .site
            .ask(notary, &["rhone"], decedent, &self.next_reference())
            .await?;
        ensure!(is_answer(&page), "{} {}: {}", page.status, page.url, page.html());
        Ok(page)
    }

    pub(crate) fn next_reference(&self) -> String {
        format!("D-{}", self.references.fetch_add(1, Ordering::SeqCst))
    }

    /// What the database answers to the superuser.
    pub(crate) async fn sql(&self, statement: &str) -> Result<String> {
        let answer = self.postgres.get().run(&self.database, statement).await?;
        Ok(answer.trim().to_owned())
    }

    /// Waits until the database answers this.
    pub(crate) async fn until(&self, statement: &str, wanted: &str) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer = self.sql(statement).await?;
            if answer == wanted {
                return Ok(());
            }
            ensure!(
                Instant::now() < deadline,
                "{statement} answers {answer}, not {wanted}; jobs: {}; the worker says: {}",
                self.sql("select id, attempts, last_error, run_at - now(), locked_by from graphile_worker._private_jobs")
                    .await?,
                last_lines(&self.log("work"))?,
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until no letter and no mail is still to go, and no job is left.
    pub(crate) async fn until_done(&self) -> Result<()> {
        self.until("select count(*) from graphile_worker._private_jobs", "0")
            .await
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let Cluster::Shared(postgres) = self.postgres else {
            return;
        };
        let database = std::mem::take(&mut self.database);
        // The runtime of the test may be ending: a thread of its own cleans up.
        let cleaned = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(postgres.drop_database(&database))
        });
        drop(cleaned.join());
    }
}

/// Whether this is the page of an inquiry that was taken.
pub(crate) fn is_answer(page: &Page) -> bool {
    let id = page.url.path().strip_prefix("/demandes/");
    page.status.is_success() && id.is_some_and(|id| id.parse::<uuid::Uuid>().is_ok())
}

fn last_lines(log: &Path) -> Result<String> {
    let said = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = said.lines().rev().take(12).collect();
    Ok(lines.into_iter().rev().collect::<Vec<_>>().join("\n"))
}
