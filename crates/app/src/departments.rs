//! The départements served, and how each looks. Cached; emptied across processes when one changes.

use std::sync::Arc;
use std::time::Duration;

use db::{Change, StoredSettings};
use domain::{DepartmentId, DepartmentSlug, InseeCode, RegisterId, Siret, TenantSettings};
use letters::Letterhead;
use matching::{Frequencies, Policy};
use moka::future::Cache;
use tokio_util::sync::CancellationToken;

use crate::{App, AppError, index};

/// How old a cached thing gets at most, should a notice be missed.
const OLDEST: Duration = Duration::from_secs(60);
/// How long the frequencies of a register that nobody asks are remembered.
const IDLE: Duration = Duration::from_secs(3600);
/// Registers whose frequencies are remembered: a few megabytes each.
const MOST_FREQUENCIES: u64 = 120;
/// How long to wait before listening again after the connection was lost.
const PAUSE: Duration = Duration::from_secs(2);

/// A département as lists and pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// In object keys.
    pub id: DepartmentId,
    /// In addresses and commands.
    pub slug: DepartmentSlug,
    /// INSEE code.
    pub insee_code: InseeCode,
    /// `Rhône`.
    pub name: String,
    /// `Département du Rhône`.
    pub official_name: String,
    /// Establishments whose agents may log in.
    pub sirets: Vec<Siret>,
    /// Takes no inquiry for the time being.
    pub suspended: bool,
    /// Migrations its schema has seen.
    pub schema_version: i32,
}

/// Settings of a département and the files of its letterhead, at one revision.
#[derive(Clone)]
pub struct Kit {
    /// Everything of `tenant.toml`.
    pub settings: TenantSettings,
    /// At which revision: part of the address of stylesheet and logo, which browsers keep for ever.
    pub revision: i64,
    /// File name of the logo: says its format.
    pub logo_name: String,
    /// The logo as the département gave it.
    pub logo: Vec<u8>,
    /// As letters use it.
    pub letterhead: Arc<Letterhead>,
    /// How sure the machine must be of a person.
    pub policy: Arc<Policy>,
}

pub(crate) struct Caches {
    departments: Cache<(), Arc<Vec<Department>>>,
    kits: Cache<DepartmentSlug, Arc<Kit>>,
    /// Kits of former revisions, which never change.
    former: Cache<(DepartmentSlug, i64), Arc<Kit>>,
    /// Of registers; they never change, but for a register that is indexed anew.
    pub(crate) frequencies: Cache<RegisterId, Arc<Frequencies>>,
}

impl Caches {
    pub(crate) fn new() -> Self {
        Self {
            departments: Cache::builder().time_to_live(OLDEST).max_capacity(1).build(),
            kits: Cache::builder().time_to_live(OLDEST).max_capacity(200).build(),
            former: Cache::builder().time_to_idle(OLDEST).max_capacity(20).build(),
            frequencies: Cache::builder()
                .time_to_idle(IDLE)
                .max_capacity(MOST_FREQUENCIES)
                .build(),
        }
    }

    async fn forget(&self, change: &Change) {
        self.departments.invalidate(&()).await;
        match change {
            Change::Department(slug) => self.kits.invalidate(slug).await,
            Change::Anything => {
                self.kits.invalidate_all();
                self.frequencies.invalidate_all();
            }
        }
    }
}

impl App {
    /// Every département, by INSEE code, suspended ones as well.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn departments(&self) -> Result<Arc<Vec<Department>>, AppError> {
        let cache = &self.inner.caches.departments;
        if let Some(list) = cache.get(&()).await {
            return Ok(list);
        }
        let rows = self.db().platform().await?.departments().list().await?;
        let list: Arc<Vec<Department>> = Arc::new(rows.into_iter().map(Department::from).collect());
        cache.insert((), Arc::clone(&list)).await;
        Ok(list)
    }

    /// The département of this slug, if there is one.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn department(&self, slug: &DepartmentSlug) -> Result<Option<Department>, AppError> {
        let list = self.departments().await?;
        Ok(list.iter().find(|department| &department.slug == slug).cloned())
    }

    pub(crate) async fn department_of(&self, slug: &DepartmentSlug) -> Result<Department, AppError> {
        self.department(slug)
            .await?
            .ok_or(AppError::Inconsistent("a département is not in the list"))
    }

    /// Settings and logo of a département; `None` when there is no such département or it is not set up.
    ///
    /// # Errors
    /// When the database cannot be asked, or the département is suspended.
    pub async fn kit(&self, slug: &DepartmentSlug) -> Result<Option<Arc<Kit>>, AppError> {
        let cache = &self.inner.caches.kits;
        if let Some(kit) = cache.get(slug).await {
            return Ok(Some(kit));
        }
        if self.department(slug).await?.is_none() {
            return Ok(None);
        }
        let mut tx = self.db().tenant(slug).await?;
        let Some(stored) = tx.settings().get().await? else {
            return Ok(None);
        };
        // Whoever has this kit may draw letters at its revision.
        tx.settings().keep(&stored).await?;
        tx.save().await?;
        let kit = Arc::new(Kit::new(stored)?);
        cache.insert(slug.clone(), Arc::clone(&kit)).await;
        Ok(Some(kit))
    }

    pub(crate) async fn kit_of(&self, slug: &DepartmentSlug) -> Result<Arc<Kit>, AppError> {
        self.kit(slug).await?.ok_or(AppError::Inconsistent(
            "a département has no settings: `dn tenant apply`",
        ))
    }

    /// Settings and logo as they were at a revision that letters were drawn at; those in force for letters of before
    /// revisions were kept.
    pub(crate) async fn kit_at(
        &self,
        slug: &DepartmentSlug,
        revision: Option<i64>,
    ) -> Result<Arc<Kit>, AppError> {
        let in_force = self.kit_of(slug).await?;
        let Some(revision) = revision.filter(|revision| *revision != in_force.revision) else {
            return Ok(in_force);
        };
        let (cache, key) = (&self.inner.caches.former, (slug.clone(), revision));
        if let Some(kit) = cache.get(&key).await {
            return Ok(kit);
        }
        let stored = self.db().tenant(slug).await?.settings().version(revision).await?;
        let stored = stored.ok_or(AppError::Inconsistent(
            "the settings of a letter’s day are missing",
        ))?;
        let kit = Arc::new(Kit::new(stored)?);
        cache.insert(key, Arc::clone(&kit)).await;
        Ok(kit)
    }

    /// Empties the caches whenever a process changes a département, until stopped.
    pub async fn follow_changes(&self, stop: CancellationToken) {
        let follow = async {
            loop {
                if let Err(error) = self.follow_once().await {
                    tracing::warn!(error = %error, "changes of départements cannot be heard; listening again");
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::select! {
            () = stop.cancelled() => (),
            () = follow => (),
        }
    }

    async fn follow_once(&self) -> Result<(), AppError> {
        let mut changes = self.db().changes().await?;
        self.inner.caches.forget(&Change::Anything).await;
        loop {
            let change = changes.next().await?;
            self.inner.caches.forget(&change).await;
        }
    }

    /// Empties what this process remembers of a département it has just changed itself.
    pub(crate) async fn forget(&self, slug: &DepartmentSlug) {
        self.inner.caches.forget(&Change::Department(slug.clone())).await;
    }
}

impl From<db::DepartmentRow> for Department {
    fn from(row: db::DepartmentRow) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            insee_code: row.insee_code,
            name: row.name,
            official_name: row.official_name,
            sirets: row.sirets,
            suspended: row.suspended,
            schema_version: row.schema_version,
        }
    }
}

impl Kit {
    fn new(stored: StoredSettings) -> Result<Self, AppError> {
        let file = |name: &str| {
            let found = stored.kit.iter().find(|file| file.name == name);
            found.map(|file| letters::KitFile {
                name: file.name.clone(),
                bytes: file.bytes.clone(),
            })
        };
        let look = &stored.settings.letterhead;
        let logo = file(&look.logo).ok_or(AppError::Inconsistent("a logo is missing from a kit"))?;
        let signature = look.signatory.signature.as_deref().and_then(file);
        let letterhead = Letterhead::new(&stored.settings, logo.clone(), signature)
            .map_err(|_| AppError::Inconsistent("a stored letterhead is not usable: `dn tenant apply`"))?;
        let policy = index::policy_of(&stored.settings).map_err(|_| {
            AppError::Inconsistent("a stored matching policy is not usable: `dn tenant apply`")
        })?;
        Ok(Self {
            policy: Arc::new(policy),
            revision: stored.revision,
            logo_name: logo.name,
            logo: logo.bytes,
            letterhead: Arc::new(letterhead),
            settings: stored.settings,
        })
    }
}
