//! What is measured on: real servers, a database that is ours or was given, départements made for the purpose. All of
//! it goes again at the end.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use app::tenants::{TenantFolder, Tenants};
use chrono::Utc;
use db::jobs::JobFilter;
use db::migrate::migrate;
use db::{Db, DepartmentRow, MigrateSettings, provision};
use domain::{DepartmentSlug, Quota};
use secrecy::ExposeSecret;

use super::people::{self, PROVIDER};
use super::{Sizes, folders, register};
use crate::commands::demo::folder::Folder;
use crate::commands::demo::servers::{Database, Servers, Who};
use crate::commands::demo::settings;
use crate::config::Config;
use crate::output::said;
use crate::telemetry;
use crate::wiring::{Wired, owner, wire};

/// Limits that nobody reaches while something is measured: counting is part of it, refusing is not.
const WITHOUT_END: Quota = Quota {
    inquiries_per_hour: 1_000_000,
    inquiries_per_day: 1_000_000,
};
/// How long jobs may take to be done once nobody asks any more.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where to measure.
pub(super) struct Place {
    /// Working folder.
    pub(super) dir: PathBuf,
    /// `None`: a private PostgreSQL.
    pub(super) given: Option<Database>,
    /// Whether real départements in the database are accepted as neighbours.
    pub(super) beside_real: bool,
    /// Leave folder and départements for the next time.
    pub(super) keep: bool,
}

pub(super) struct Ground {
    place: Place,
    folder: Folder,
    pub(super) servers: Servers,
    pub(super) config: Config,
    /// The configuration as a file, for other processes.
    pub(super) file: PathBuf,
    owner: MigrateSettings,
    /// Whether there was nothing of ours in the database.
    bare: bool,
    notaries: usize,
}

impl Ground {
    /// Starts the servers; refuses a database in which real départements are at work.
    pub(super) async fn new(place: Place, notaries: usize) -> Result<Self> {
        let folder = Folder::open(&place.dir, !place.keep)?;
        let who = Who {
            notaries: people::notaries(notaries),
            agents: vec![],
        };
        let (servers, listener) = Servers::start(&folder, None, place.given.clone(), who).await?;
        // Only the port was wanted: another process will listen there.
        drop(listener);
        let file = settings::write(&folder, &servers, WITHOUT_END)?;
        let config = Config::load(Some(&file)).context("the configuration of the measurement")?;
        telemetry::start_in_file(&config.log, &folder.path("bench.log"))?;
        check_environment(&config, &servers)?;
        let owner = owner(&config)?;
        let bare = !provision::is_in_use(&owner)
            .await
            .context("the database cannot be used")?;
        let ground = Self {
            place,
            folder,
            servers,
            config,
            file,
            owner,
            bare,
            notaries,
        };
        ground.refuse_real_departments().await?;
        Ok(ground)
    }

    /// Nothing of a real département is touched even then, but it would share the machine with what is measured.
    async fn refuse_real_departments(&self) -> Result<()> {
        let real: Vec<String> = self
            .departments()
            .await?
            .into_iter()
            .filter(|department| !folders::is_ours(&department.slug))
            .map(|department| department.slug.to_string())
            .collect();
        if real.is_empty() || self.place.beside_real {
            return Ok(());
        }
        bail!(
            "the database serves real départements ({}): measuring would slow them down, and their workers would send \
             the mails of what is measured\n  next: give another database, or pass --beside-real-departments",
            real.join(", ")
        )
    }

    async fn departments(&self) -> Result<Vec<DepartmentRow>> {
        if self.bare {
            return Ok(vec![]);
        }
        let db = Db::connect(&self.config.database).await?;
        let listed = db.platform().await?.departments().list().await;
        db.close().await;
        Ok(listed?)
    }

    /// Version of PostgreSQL.
    pub(super) async fn server_version(&self) -> Result<String> {
        let db = Db::connect(&self.config.database).await?;
        let version = db.server_version().await;
        db.close().await;
        Ok(version?)
    }

    /// Where files of the measurement go.
    pub(super) fn folder(&self) -> Result<PathBuf> {
        self.folder.sub("files")
    }

    /// Where the service logs to.
    pub(super) fn service_log(&self) -> PathBuf {
        self.folder.log()
    }

    /// The shared schema up to date, and this process connected.
    pub(super) async fn migrated(&self) -> Result<Wired> {
        let report = migrate(&self.owner, |_| ()).await?;
        ensure!(report.is_complete(), "a schema could not be migrated");
        wire(&self.config).await
    }

    /// The folders of so many départements that are free to be made.
    pub(super) async fn tenant_folders(&self, count: usize) -> Result<Vec<TenantFolder>> {
        let listed = self.departments().await?;
        let taken: BTreeSet<String> = listed
            .iter()
            .filter(|department| !folders::is_ours(&department.slug))
            .map(|department| department.insee_code.to_string())
            .collect();
        folders::write(&self.folder.sub("tenants")?, count, &taken)
    }

    pub(super) fn owner(&self) -> &MigrateSettings {
        &self.owner
    }

    /// Départements, made and with registers: the first of so many people, the others of so many.
    pub(super) async fn fill(&self, wired: &Wired, sizes: &Sizes) -> Result<Vec<DepartmentSlug>> {
        let begun = Instant::now();
        let tenants = Tenants::new(wired.app.clone(), self.owner.clone());
        let folders = self.tenant_folders(sizes.tenants).await?;
        for folder in &folders {
            tenants.create(folder, Utc::now()).await?;
        }
        said(format!(
            "{} départements: {} ms",
            folders.len(),
            begun.elapsed().as_millis()
        ));
        let slugs: Vec<DepartmentSlug> = folders.into_iter().map(|folder| folder.slug).collect();
        for (place, slug) in slugs.iter().enumerate() {
            let individuals = if place == 0 {
                sizes.individuals
            } else {
                sizes.others
            };
            if individuals > 0 {
                let file = register::file(&self.folder()?, individuals, register::REGISTERED).await?;
                self.import(wired, slug, &file).await?;
            }
        }
        said(format!(
            "registers of {} and of {} people: {:.1} s in all",
            sizes.individuals,
            sizes.others,
            begun.elapsed().as_secs_f64()
        ));
        Ok(slugs)
    }

    /// Puts a register in force; the very file that is in force is skipped.
    async fn import(&self, wired: &Wired, slug: &DepartmentSlug, file: &Path) -> Result<()> {
        let department = wired.app.department(slug).await?;
        let department = department.context("the département was just created")?;
        let imported = wired
            .app
            .import_register(&department, file, false, Utc::now(), |_| ())
            .await;
        imported
            .map(drop)
            .with_context(|| format!("{} cannot be imported", file.display()))
    }

    /// Waits until no job waits or runs. Fails when one failed.
    pub(super) async fn drained(&self, db: &Db) -> Result<()> {
        let begun = Instant::now();
        loop {
            let mut tx = db.platform().await?;
            let counts = tx.jobs().counts().await?;
            if counts.failed + counts.retrying > 0 {
                let jobs = tx.jobs().list(&JobFilter::default()).await?;
                let errors: BTreeSet<String> = jobs.into_iter().filter_map(|job| job.last_error).collect();
                let errors: Vec<String> = errors.into_iter().collect();
                bail!("jobs failed: {}", errors.join("; "));
            }
            drop(tx);
            if counts.waiting + counts.running == 0 {
                return Ok(());
            }
            ensure!(
                begun.elapsed() < PATIENCE,
                "{} jobs are still waiting",
                counts.waiting
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Removes everything that was made, unless it is to be kept, and stops the servers.
    pub(super) async fn clear(self) -> Result<()> {
        let leave = self.place.keep;
        let cleared = match (leave, &self.servers.postgres) {
            (true, _) => Ok(()),
            // The whole cluster goes with the folder.
            (false, Some(_)) => Ok(()),
            (false, None) => self.clear_database().await,
        };
        self.servers.stop().await?;
        if !leave {
            self.folder.remove()?;
        }
        cleared.context("the given database still holds what was made in it: départements `banc-…`")
    }

    /// Our départements, our notaries; of a database that was bare, everything.
    async fn clear_database(&self) -> Result<()> {
        // Made since: the list is read anew.
        if !provision::is_in_use(&self.owner).await? {
            return Ok(());
        }
        let db = Db::connect(&self.config.database).await?;
        let listed = db.platform().await?.departments().list().await;
        db.close().await;
        for department in listed? {
            if folders::is_ours(&department.slug) {
                provision::drop(&self.owner, &department.slug).await?;
            }
        }
        let subjects: Vec<String> = (0..self.notaries).map(people::subject).collect();
        provision::forget_notaries(&self.owner, PROVIDER, &subjects).await?;
        if self.bare {
            provision::withdraw(&self.owner).await?;
        }
        Ok(())
    }
}

/// The environment wins over a file, so it could lead the measurement to servers that are not meant.
fn check_environment(config: &Config, servers: &Servers) -> Result<()> {
    let database = config.database.url.expose_secret() == servers.database.url
        && config
            .database
            .migrate_url
            .as_ref()
            .map(ExposeSecret::expose_secret)
            == Some(servers.database.owner_url.as_str());
    let others = config.storage.endpoint == servers.s3.endpoint()
        && config.mail.port == servers.mail.smtp_port()
        && config.web.public_url.as_str().trim_end_matches('/') == servers.public_url;
    ensure!(
        database && others,
        "the environment says where servers are (DN__…)\n  next: unset it; `--configured` takes the database from there"
    );
    Ok(())
}
