//! What inquiries are decided by besides the people of a register: its keys, its frequencies, the policy.
//!
//! Keys and frequencies are those of a version of the program (`matching::KEYS_VERSION`, raised whenever the form of either
//! changes). A register that a former version indexed is indexed anew beside the service, and until that is done every
//! inquiry to its département is left to an officer: people who are not indexed yet must not pass for unknown. A register
//! that a newer version indexed is left alone.

use std::sync::Arc;
use std::time::Instant;

use db::{RegisterVersion, TenantTx};
use domain::{DepartmentSlug, Individual, RegisterId, TenantSettings};
use matching::{Frequencies, KEYS_VERSION, Normaliser, Policy};

use crate::{App, AppError};

/// People indexed anew in one transaction.
const BATCH: u32 = 1000;
/// Times as long as a batch took, for those who ask meanwhile.
const LEAVE: u32 = 2;

/// What became of the registers that were to be indexed anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IndexedAnew {
    /// Done.
    pub done: usize,
    /// Left for another time: it failed, another process is at it, or an import came in between.
    pub left: usize,
}

/// The policy of a département; the product's where it has none of its own.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn policy_of(settings: &TenantSettings) -> Result<Policy, serde_json::Error> {
    serde_json::from_value(serde_json::Value::Object(settings.matching.clone()))
}

/// Keeps the frequencies of a version of the register.
pub(crate) async fn keep_frequencies(
    tx: &mut TenantTx,
    register: RegisterId,
    frequencies: &Frequencies,
) -> Result<(), AppError> {
    let counts = serde_json::to_vec(frequencies)
        .map_err(|_| AppError::Inconsistent("the frequencies of a register cannot be written"))?;
    Ok(tx.register().keep_frequencies(register, &counts).await?)
}

/// Whether this version of the program finds everybody of that register.
pub(crate) fn is_current(version: &RegisterVersion) -> bool {
    version.keys_version == KEYS_VERSION
}

impl App {
    /// How frequent the names of a register are; `None` when nobody counted them, or not in a way this version of the
    /// program can read.
    pub(crate) async fn frequencies(
        &self,
        tx: &mut TenantTx,
        register: RegisterId,
    ) -> Result<Option<Arc<Frequencies>>, AppError> {
        let cache = &self.inner.caches.frequencies;
        if let Some(known) = cache.get(&register).await {
            return Ok(Some(known));
        }
        let Some(counts) = tx.register().frequencies(register).await? else {
            return Ok(None);
        };
        let Ok(frequencies) = serde_json::from_slice::<Frequencies>(&counts) else {
            tracing::error!(tenant = %tx.slug(), "the frequencies of its register cannot be read");
            return Ok(None);
        };
        let frequencies = Arc::new(frequencies);
        cache.insert(register, Arc::clone(&frequencies)).await;
        Ok(Some(frequencies))
    }

    /// Indexes anew the registers in force that a former version of the program indexed. A département that fails is
    /// told in the log and leaves the others as they are.
    ///
    /// # Errors
    /// When the départements cannot be listed.
    pub async fn index_registers_anew(&self) -> Result<IndexedAnew, AppError> {
        let mut indexed = IndexedAnew::default();
        for department in self.departments().await?.iter().filter(|d| !d.suspended) {
            let slug = &department.slug;
            let done = async {
                match self.stale(slug).await? {
                    Some(version) => self.index_anew(slug, &version).await.map(Some),
                    None => Ok(None),
                }
            };
            match done.await {
                Ok(None) => {}
                Ok(Some(true)) => indexed.done += 1,
                Ok(Some(false)) => indexed.left += 1,
                Err(error) => {
                    indexed.left += 1;
                    let error = crate::error::chain(&error);
                    tracing::error!(tenant = %slug, error, "its register could not be indexed anew");
                }
            }
        }
        Ok(indexed)
    }

    /// The register in force, if it is to be indexed anew.
    async fn stale(&self, slug: &DepartmentSlug) -> Result<Option<RegisterVersion>, AppError> {
        let mut tx = self.db().tenant(slug).await?;
        let Some(version) = tx.register().active().await? else {
            return Ok(None);
        };
        let stale = version.keys_version < KEYS_VERSION
            || (is_current(&version) && !tx.register().has_frequencies(version.id).await?);
        Ok(stale.then_some(version))
    }

    /// `false` when it is left for another time.
    async fn index_anew(&self, slug: &DepartmentSlug, version: &RegisterVersion) -> Result<bool, AppError> {
        tracing::info!(tenant = %slug, people = version.individuals, "indexing its register anew");
        let mut tx = self.db().tenant(slug).await?;
        tx.indexing().begin(version.id, KEYS_VERSION).await?;
        tx.save().await?;
        while !is_current(version) {
            let begun = Instant::now();
            match self.add_keys(slug, version.id).await? {
                Some(0) => break,
                Some(_) => rest(begun).await,
                None => return Ok(false),
            }
        }
        let done = self.count_anew(slug, version.id).await?;
        if done {
            tracing::info!(tenant = %slug, "its register is indexed anew");
        }
        Ok(done)
    }

    /// Adds keys to the next people of a register, and tells to how many; `None` when it cannot be had.
    async fn add_keys(&self, slug: &DepartmentSlug, register: RegisterId) -> Result<Option<usize>, AppError> {
        let mut tx = self.db().tenant(slug).await?;
        let Some(done_to) = tx.indexing().take(register, KEYS_VERSION).await? else {
            return Ok(None);
        };
        let people = tx.register().page(register, &done_to, BATCH).await?;
        let keyed = tokio::task::spawn_blocking(move || keyed(people));
        let keyed = keyed.await.map_err(|_| INTERRUPTED)?;
        tx.indexing().add_keys(register, &keyed).await?;
        tx.save().await?;
        Ok(Some(keyed.len()))
    }

    /// Counts the names of a register whose people all have their keys, and says that it is current.
    async fn count_anew(&self, slug: &DepartmentSlug, register: RegisterId) -> Result<bool, AppError> {
        let mut tx = self.db().tenant(slug).await?;
        if tx.indexing().take(register, KEYS_VERSION).await?.is_none() {
            return Ok(false);
        }
        let mut counter = Counter::default();
        let mut after = String::new();
        loop {
            let begun = Instant::now();
            let people = tx.register().page(register, &after, BATCH).await?;
            let Some(last) = people.last() else { break };
            after.clone_from(&last.identifier);
            let counted = tokio::task::spawn_blocking(move || counter.add(&people));
            counter = counted.await.map_err(|_| INTERRUPTED)?;
            rest(begun).await;
        }
        keep_frequencies(&mut tx, register, &counter.frequencies).await?;
        if !tx.indexing().finish(register, KEYS_VERSION).await? {
            return Ok(false);
        }
        tx.announce_change().await?;
        tx.save().await?;
        self.inner.caches.frequencies.invalidate(&register).await;
        Ok(true)
    }
}

const INTERRUPTED: AppError = AppError::Inconsistent("indexing a register anew was interrupted");

async fn rest(begun: Instant) {
    tokio::time::sleep(LEAVE * begun.elapsed()).await;
}

fn keyed(people: Vec<Individual>) -> Vec<(String, Vec<i64>)> {
    people
        .into_iter()
        .map(|person| {
            let keys = matching::register_keys(&person);
            (person.identifier, keys)
        })
        .collect()
}

/// Counts names, each distinct one normalised once.
#[derive(Default)]
struct Counter {
    normaliser: Normaliser,
    frequencies: Frequencies,
}

impl Counter {
    fn add(mut self, people: &[Individual]) -> Self {
        for person in people {
            self.frequencies.add(&self.normaliser.individual(person));
        }
        self
    }
}
