//! What inquiries are decided by besides the people of a register: its keys, its frequencies, the policy.

use std::sync::Arc;

use db::{RegisterVersion, TenantTx};
use domain::{DepartmentSlug, RegisterId, TenantSettings};
use matching::{Frequencies, Indexer, Policy};

use crate::{App, AppError};

/// People indexed anew at once: each batch is a transaction of its own, so that inquiries never wait for long.
const BATCH: u32 = 2000;

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
    version.keys_version == matching::KEYS_VERSION
}

impl App {
    /// How frequent the names of a register are; `None` when nobody counted them.
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
        let frequencies: Frequencies = serde_json::from_slice(&counts)
            .map_err(|_| AppError::Inconsistent("the frequencies of a register cannot be read"))?;
        let frequencies = Arc::new(frequencies);
        cache.insert(register, Arc::clone(&frequencies)).await;
        Ok(Some(frequencies))
    }

    /// Indexes anew the registers in force that another version of the program indexed. The service goes on
    /// meanwhile: inquiries to these départements go to an officer until theirs is done. Tells how many registers it
    /// was; a département that fails is told in the log and leaves the others as they are.
    ///
    /// # Errors
    /// When the départements cannot be listed.
    pub async fn index_registers_anew(&self) -> Result<usize, AppError> {
        let mut done = 0;
        let departments = self.departments().await?;
        for department in departments.iter().filter(|department| !department.suspended) {
            match self.index_anew(&department.slug).await {
                Ok(true) => done += 1,
                Ok(false) => (),
                Err(error) => {
                    let error = crate::error::chain(&error);
                    tracing::error!(department = %department.slug, error, "a register could not be indexed anew");
                }
            }
        }
        Ok(done)
    }

    async fn index_anew(&self, slug: &DepartmentSlug) -> Result<bool, AppError> {
        let mut tx = self.db().tenant(slug).await?;
        let stale = tx
            .register()
            .active()
            .await?
            .filter(|version| !is_current(version));
        drop(tx);
        let Some(version) = stale else {
            return Ok(false);
        };
        tracing::info!(department = %slug, people = version.individuals, "indexing a register anew");
        let mut indexer = Indexer::default();
        let mut after = String::new();
        loop {
            let mut tx = self.db().tenant(slug).await?;
            let people = tx.register().page(version.id, &after, BATCH).await?;
            let Some(last) = people.last() else { break };
            after.clone_from(&last.identifier);
            let keyed: Vec<_> = people
                .iter()
                .map(|person| (person.identifier.clone(), indexer.add(person)))
                .collect();
            tx.register().add_keys(version.id, &keyed).await?;
            tx.save().await?;
        }
        let mut tx = self.db().tenant(slug).await?;
        keep_frequencies(&mut tx, version.id, &indexer.finish()).await?;
        tx.register()
            .set_keys_version(version.id, matching::KEYS_VERSION)
            .await?;
        tx.announce_change().await?;
        tx.save().await?;
        self.inner.caches.frequencies.invalidate(&version.id).await;
        tracing::info!(department = %slug, "register indexed anew");
        Ok(true)
    }
}
