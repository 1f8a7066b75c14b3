//! The register of social aid and its versions.

use chrono::{DateTime, Utc};
use domain::{Individual, RegisterId};
use sqlx::PgConnection;

use crate::error::Result;

/// A version of the register that is, or was, in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterVersion {
    /// Ours.
    pub id: RegisterId,
    /// Where it came from: a file name.
    pub source: String,
    /// Version of the blocking keys it was indexed with.
    pub keys_version: i32,
    /// When it came into force.
    pub imported_at: DateTime<Utc>,
    /// Persons in it.
    pub individuals: u64,
    /// Aids in it.
    pub aids: u64,
    /// In force.
    pub active: bool,
}

/// An import about to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRegister {
    /// Ours.
    pub id: RegisterId,
    /// Where it comes from: a file name.
    pub source: String,
    /// Version of the blocking keys.
    pub keys_version: i32,
    /// When it began.
    pub started_at: DateTime<Utc>,
}

/// A person and the blocking keys they are found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedIndividual {
    /// The person.
    pub individual: Individual,
    /// `matching::register_keys` of the person.
    pub keys: Vec<String>,
}

/// Repository of the register. An import is one transaction: `begin`, `add` in batches, `activate`, `save()`.
#[derive(Debug)]
pub struct Register<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Register<'_> {
    /// The version in force.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn active(&mut self) -> Result<Option<RegisterVersion>> {
        todo!()
    }

    /// The versions kept, newest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn versions(&mut self) -> Result<Vec<RegisterVersion>> {
        todo!()
    }

    /// Begins an import. A second one at the same time waits for the first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn begin(&mut self, register: &NewRegister) -> Result<()> {
        let _ = register;
        todo!()
    }

    /// Adds persons; some thousands at once are quickest.
    ///
    /// # Errors
    /// When the query fails, or an identifier stands twice in the version (constraint `individual_pkey`).
    pub async fn add(&mut self, register: RegisterId, batch: &[KeyedIndividual]) -> Result<()> {
        let _ = (register, batch);
        todo!()
    }

    /// Puts the version in force, keeps the one before it and deletes the others.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn activate(&mut self, register: RegisterId, at: DateTime<Utc>) -> Result<RegisterVersion> {
        let _ = (register, at);
        todo!()
    }

    /// The persons of this version who share a key with these.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn candidates(&mut self, register: RegisterId, keys: &[String]) -> Result<Vec<Individual>> {
        let _ = (register, keys);
        todo!()
    }

    /// The persons of this version with these identifiers.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_identifiers(
        &mut self,
        register: RegisterId,
        identifiers: &[String],
    ) -> Result<Vec<Individual>> {
        let _ = (register, identifiers);
        todo!()
    }
}
