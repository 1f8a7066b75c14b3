//! What inquiries are decided by besides the people of a register: its keys, its frequencies, the policy.
//!
//! Keys and frequencies are those of a version of the program (`matching::KEYS_VERSION`, raised whenever the form of either
//! changes). A register that a former version indexed is indexed anew beside the service, and until that is done every
//! inquiry to its département is left to an officer: people who are not indexed yet must not pass for unknown. A register
//! that a newer version indexed is left alone.

use std::sync::Arc;
use std::time::Instant;

use db::{RegisterVersion, TenantTx};
use domain::{Decedent, DepartmentSlug, Individual, RegisterId, TenantSettings};
use matching::{Frequencies, Indexer, KEYS_VERSION, Paging, Policy};

use crate::{App, AppError};

/// People indexed anew at once.
const BATCH: u32 = 1000;
/// Pages of an index written at once.
const PAGES: usize = 4096;
/// Times as long as a batch took, for those who ask meanwhile, while a register is indexed anew.
const LEAVE: f64 = 2.0;

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

/// Keeps what was indexed of a version of the register: its frequencies, and who has which key. Leaves that share of the
/// time to others. Tells how the index is cut.
pub(crate) async fn keep(
    tx: &mut TenantTx,
    register: RegisterId,
    indexer: Indexer,
    leave: f64,
) -> Result<Paging, AppError> {
    let finished = tokio::task::spawn_blocking(|| indexer.finish());
    let (frequencies, postings) = finished.await.map_err(|_| INTERRUPTED)?;
    let counts = serde_json::to_vec(&frequencies)
        .map_err(|_| AppError::Inconsistent("the frequencies of a register cannot be written"))?;
    tx.register().keep_frequencies(register, &counts).await?;
    let mut pages = postings.pages();
    loop {
        let begun = Instant::now();
        let some: Vec<_> = pages.by_ref().take(PAGES).collect();
        if some.is_empty() {
            return Ok(postings.paging());
        }
        tx.indexing().add_pages(register, &some).await?;
        rest(begun, leave).await;
    }
}

/// Whoever of a version of the register may be meant.
pub(crate) async fn candidates(
    tx: &mut TenantTx,
    version: &RegisterVersion,
    decedent: &Decedent,
    frequencies: &Frequencies,
) -> Result<Vec<Individual>, AppError> {
    let paging = version.page_bits.and_then(Paging::from_bits);
    let paging = paging.ok_or(AppError::Inconsistent("a register has no index"))?;
    let keys = matching::query_keys(decedent, frequencies);
    let pages = tx.indexing().pages(version.id, &paging.pages_of(&keys)).await?;
    let numbers = matching::holders(pages.iter().map(|page| &**page), &keys);
    Ok(tx.register().by_numbers(version.id, &numbers).await?)
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
        let register = version.id;
        let mut tx = self.db().tenant(slug).await?;
        tx.indexing().begin(register, KEYS_VERSION).await?;
        tx.save().await?;
        let mut tx = self.db().tenant(slug).await?;
        if !tx.indexing().take(register, KEYS_VERSION).await? {
            return Ok(false);
        }
        tx.indexing().number(register).await?;
        let indexer = indexed(&mut tx, register).await?;
        tx.indexing().clear(register).await?;
        let paging = keep(&mut tx, register, indexer, LEAVE).await?;
        let bits = paging.bits();
        if !tx.indexing().finish(register, KEYS_VERSION, bits).await? {
            return Ok(false);
        }
        tx.announce_change().await?;
        tx.save().await?;
        self.inner.caches.frequencies.invalidate(&register).await;
        tracing::info!(tenant = %slug, "its register is indexed anew");
        Ok(true)
    }
}

const INTERRUPTED: AppError = AppError::Inconsistent("indexing a register was interrupted");

/// Everybody of a version, in the order of their numbers.
async fn indexed(tx: &mut TenantTx, register: RegisterId) -> Result<Indexer, AppError> {
    let mut indexer = Indexer::default();
    let mut next = 0;
    loop {
        let begun = Instant::now();
        let people = tx.register().page(register, next, BATCH).await?;
        if people.is_empty() {
            return Ok(indexer);
        }
        let added = tokio::task::spawn_blocking(move || add(indexer, &people));
        (indexer, next) = added.await.map_err(|_| INTERRUPTED)??;
        rest(begun, LEAVE).await;
    }
}

/// Adds people to an index; gives the number of the one to come next.
fn add(mut indexer: Indexer, people: &[Individual]) -> Result<(Indexer, u32), AppError> {
    let mut next = 0;
    for person in people {
        let number = indexer.add(person);
        next = 1 + number.map_err(|_| AppError::Inconsistent("a register has too many people"))?;
    }
    Ok((indexer, next))
}

async fn rest(begun: Instant, leave: f64) {
    tokio::time::sleep(begun.elapsed().mul_f64(leave)).await;
}
