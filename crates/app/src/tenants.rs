//! Départements come, change and go, from their folder `tenants/<slug>/`.

mod changes;
mod export;
mod folder;
mod staff;

use std::path::Path;

use chrono::{DateTime, Utc};
use db::{DbError, DepartmentIdentity, MigrateSettings, provision};
use domain::{Action, DepartmentId, DepartmentSlug};
use objects::Purged;
use uuid::Uuid;

use crate::departments::Department;
use crate::{App, AppError, jobs};

pub use export::Exported;
pub use folder::{Problem, TenantFolder};

/// A département cannot be worked on.
#[derive(Debug, thiserror::Error)]
pub enum TenantError {
    /// No such département in the database.
    #[error("there is no département `{0}`: `dn tenant list` shows those there are")]
    NotFound(DepartmentSlug),
    /// Its INSEE code is another's.
    #[error("another département has the INSEE code {0}")]
    InseeCodeTaken(domain::InseeCode),
    /// A file could not be written.
    #[error("the export could not be written")]
    Write(#[from] std::io::Error),
    /// A part of the house failed.
    #[error("nothing more could be done")]
    Other(#[from] AppError),
}

impl From<DbError> for TenantError {
    fn from(error: DbError) -> Self {
        Self::Other(error.into())
    }
}

/// What `apply` did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The département is new.
    pub created: bool,
    /// Anything differed from before.
    pub changed: bool,
    /// Revision of the settings in force.
    pub revision: i64,
}

/// A département as `dn tenant list` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantLine {
    /// The département.
    pub department: Department,
    /// What it holds; `None` while it is suspended.
    pub contents: Option<TenantContents>,
}

/// What a département holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantContents {
    /// Revision of its settings; `None`: none yet.
    pub revision: Option<i64>,
    /// The register in force.
    pub register: Option<db::RegisterVersion>,
    /// How many inquiries it has had.
    pub inquiries: u64,
}

/// What `drop` left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// What was written before.
    pub exported: Exported,
    /// Objects deleted, and those the store keeps locked; `None` when letters could not be exported and were
    /// therefore left alone.
    pub purged: Option<Purged>,
}

/// Commands on départements, with the owner's login where the application's does not do.
#[derive(Clone)]
pub struct Tenants {
    app: App,
    owner: MigrateSettings,
}

impl Tenants {
    /// Commands on the départements of this application.
    pub fn new(app: App, owner: MigrateSettings) -> Self {
        Self { app, owner }
    }

    /// Creates a département (role, schema, grants) and applies its folder. One that is there is only applied.
    ///
    /// # Errors
    /// A [`TenantError`]; running it again completes what is missing.
    pub async fn create(&self, folder: &TenantFolder, now: DateTime<Utc>) -> Result<Applied, TenantError> {
        let id = DepartmentId(Uuid::now_v7());
        let identity = identity(folder);
        let created = provision::create(&self.owner, id, &identity).await;
        let created = created.map_err(|error| taken(error, &identity))?;
        self.app.forget(&folder.slug).await;
        let applied = self.app.apply_tenant(folder, now).await?;
        Ok(Applied { created, ..applied })
    }

    /// Takes a département out of service: PostgreSQL itself refuses its data to the application. Tells whether it was in service.
    ///
    /// # Errors
    /// A [`TenantError`].
    pub async fn suspend(&self, slug: &DepartmentSlug) -> Result<bool, TenantError> {
        if self.existing(slug).await?.suspended {
            return Ok(false);
        }
        let changed = provision::suspend(&self.owner, slug).await?;
        self.app.forget(slug).await;
        Ok(changed)
    }

    /// Puts a suspended département back into service, and has every letter and mail that is still to go taken up
    /// again: their jobs may have been given up meanwhile. Tells whether it was suspended.
    ///
    /// # Errors
    /// A [`TenantError`].
    pub async fn resume(&self, slug: &DepartmentSlug) -> Result<bool, TenantError> {
        self.existing(slug).await?;
        let changed = provision::resume(&self.owner, slug).await?;
        self.app.forget(slug).await;
        // Also when it was in service: a resume that was cut short here is completed by the next.
        jobs::take_up(&self.app, slug).await?;
        Ok(changed)
    }

    /// Writes everything a département owns into a new directory: tables as CSV, letters as PDF.
    ///
    /// # Errors
    /// A [`TenantError`].
    pub async fn export(&self, slug: &DepartmentSlug, directory: &Path) -> Result<Exported, TenantError> {
        let department = self.existing(slug).await?;
        export::export(&self.app, &self.owner, &department, directory).await
    }

    /// Exports, then deletes a département for good: schema, role, objects. Objects the store keeps locked stay.
    ///
    /// # Errors
    /// A [`TenantError`]; nothing is deleted unless the export was written.
    pub async fn drop(&self, slug: &DepartmentSlug, directory: &Path) -> Result<Dropped, TenantError> {
        let department = self.existing(slug).await?;
        let exported = export::export(&self.app, &self.owner, &department, directory).await?;
        provision::drop(&self.owner, slug).await?;
        self.app.forget(slug).await;
        let purged = match exported.letters {
            Some(_) => Some(
                self.app
                    .inner
                    .edges
                    .objects
                    .purge(department.id)
                    .await
                    .map_err(AppError::from)?,
            ),
            None => None,
        };
        Ok(Dropped { exported, purged })
    }

    async fn existing(&self, slug: &DepartmentSlug) -> Result<Department, TenantError> {
        let found = self.app.department(slug).await?;
        found.ok_or_else(|| TenantError::NotFound(slug.clone()))
    }
}

impl App {
    /// Takes over `tenant.toml`, letterhead and administrators of a département that exists. Idempotent.
    ///
    /// # Errors
    /// A [`TenantError`].
    pub async fn apply_tenant(
        &self,
        folder: &TenantFolder,
        now: DateTime<Utc>,
    ) -> Result<Applied, TenantError> {
        let slug = &folder.slug;
        if self.department(slug).await?.is_none() {
            return Err(TenantError::NotFound(slug.clone()));
        }
        let named = self.apply_identity(folder, now).await?;
        let mut tx = self.db().tenant(slug).await?;
        // What another version wrote and this one cannot read is replaced as a whole.
        let before = match tx.settings().get().await {
            Err(DbError::Unreadable(_)) => None,
            stored => stored?,
        };
        let kit = folder.kit();
        let applied = tx.settings().apply(&folder.settings, &kit, now).await?;
        if applied.changed {
            let details = changes::of(before.as_ref(), &folder.settings, &kit, applied.revision);
            let noted = self.by_operator(Action::SettingsApplied, slug, details, now);
            tx.audit().record(noted);
            tx.announce_change().await?;
        }
        tx.save().await?;
        self.forget(slug).await;
        Ok(Applied {
            created: false,
            changed: applied.changed || named,
            revision: applied.revision,
        })
    }

    async fn apply_identity(&self, folder: &TenantFolder, now: DateTime<Utc>) -> Result<bool, TenantError> {
        let identity = identity(folder);
        let mut tx = self.db().platform().await?;
        let mut changed = tx
            .departments()
            .apply(&identity)
            .await
            .map_err(|error| taken(error, &identity))?;
        let entries = staff::apply(self, &mut tx, folder, now).await?;
        if !entries.is_empty() {
            changed = true;
            // The trail first: nobody comes or goes without an entry, should the next line fail.
            let mut trail = self.db().tenant(&folder.slug).await?;
            for entry in entries {
                trail.audit().record(entry);
            }
            trail.save().await?;
        }
        tx.save().await?;
        Ok(changed)
    }

    /// Every département and what it holds.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn tenant_lines(&self) -> Result<Vec<TenantLine>, AppError> {
        let mut lines = Vec::new();
        for department in self.departments().await?.iter() {
            let contents = match self.db().tenant(&department.slug).await {
                Ok(mut tx) => Some(TenantContents {
                    revision: tx.settings().get().await?.map(|settings| settings.revision),
                    register: tx.register().active().await?,
                    inquiries: tx.inquiries().count().await?,
                }),
                Err(DbError::TenantUnavailable(_)) => None,
                Err(error) => return Err(error.into()),
            };
            lines.push(TenantLine {
                department: department.clone(),
                contents,
            });
        }
        Ok(lines)
    }
}

fn identity(folder: &TenantFolder) -> DepartmentIdentity {
    let identity = &folder.settings.identity;
    DepartmentIdentity {
        slug: folder.slug.clone(),
        insee_code: identity.insee_code.clone(),
        name: identity.name.clone(),
        official_name: identity.official_name.clone(),
        sirets: identity.sirets.clone(),
    }
}

fn taken(error: DbError, identity: &DepartmentIdentity) -> TenantError {
    if error.constraint() == Some("department_insee_code_key") {
        TenantError::InseeCodeTaken(identity.insee_code.clone())
    } else {
        error.into()
    }
}
