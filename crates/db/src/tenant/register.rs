//! The register of social aid and its versions.

use chrono::{DateTime, Utc};
use domain::RegisterId;
use schema::{DbError, Result};
use sqlx::PgConnection;
use uuid::Uuid;

pub use people::NumberedIndividual;

use crate::read::unreadable;

mod people;

/// A version of the register that is, or was, in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterVersion {
    /// Ours.
    pub id: RegisterId,
    /// Where it came from: a file name.
    pub source: String,
    /// Version of the blocking keys it was indexed with.
    pub keys_version: i32,
    /// How the index of its keys is cut; `None` where a former version of the program made it.
    pub page_bits: Option<i16>,
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

/// What an import read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// Persons added.
    pub individuals: u64,
    /// Their aids.
    pub aids: u64,
    /// How the index of their keys is cut: `matching::Paging::bits`.
    pub page_bits: i16,
}

/// Repository of the register. An import is one transaction: `begin`, `add` in batches, [`Indexing::add_pages`],
/// `activate`, `save()`.
///
/// [`Indexing::add_pages`]: crate::Indexing::add_pages
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
        Ok(self.versions().await?.into_iter().find(|version| version.active))
    }

    /// The versions kept, newest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn versions(&mut self) -> Result<Vec<RegisterVersion>> {
        let rows = sqlx::query!(
            r#"select id, source, keys_version, page_bits, imported_at as "imported_at!", individuals, aids,
                      state = 'active' as "active!"
               from register_version where state <> 'loading' order by imported_at desc, id desc"#
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| RegisterVersion {
                id: RegisterId(row.id),
                source: row.source,
                keys_version: row.keys_version,
                page_bits: row.page_bits,
                imported_at: row.imported_at,
                individuals: row.individuals.unsigned_abs(),
                aids: row.aids.unsigned_abs(),
                active: row.active,
            })
            .collect())
    }

    /// Begins an import. A second one at the same time waits for the first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn begin(&mut self, register: &NewRegister) -> Result<()> {
        let abandoned =
            sqlx::query_scalar!("delete from register_version where state = 'loading' returning id")
                .fetch_all(&mut *self.tx)
                .await?;
        self.forget(&abandoned).await?;
        sqlx::query!(
            "insert into register_version (id, source, keys_version, state, started_at)
             values ($1, $2, $3, 'loading', $4)",
            register.id.0,
            register.source,
            register.keys_version,
            register.started_at,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Puts the version in force, keeps the one before it and deletes the others.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn activate(
        &mut self,
        register: RegisterId,
        contents: Contents,
        at: DateTime<Utc>,
    ) -> Result<RegisterVersion> {
        let number = |count: u64| i64::try_from(count).map_err(unreadable("register_version"));
        let old = sqlx::query_scalar!("delete from register_version where state = 'previous' returning id")
            .fetch_all(&mut *self.tx)
            .await?;
        self.forget(&old).await?;
        sqlx::query!("update register_version set state = 'previous' where state = 'active'")
            .execute(&mut *self.tx)
            .await?;
        sqlx::query!(
            "update register_version
             set state = 'active', imported_at = $2, individuals = $3, aids = $4, page_bits = $5
             where id = $1 and state = 'loading'",
            register.0,
            at,
            number(contents.individuals)?,
            number(contents.aids)?,
            contents.page_bits,
        )
        .execute(&mut *self.tx)
        .await?;
        let active = self.active().await?.filter(|version| version.id == register);
        active.ok_or(DbError::UnknownRegister)
    }

    /// Keeps how frequent the names of this version are, as the matching engine writes it.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn keep_frequencies(&mut self, register: RegisterId, counts: &[u8]) -> Result<()> {
        sqlx::query!(
            "insert into register_frequencies (register_id, counts) values ($1, $2)
             on conflict (register_id) do update set counts = excluded.counts",
            register.0,
            counts,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// What [`Register::keep_frequencies`] kept of this version.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn frequencies(&mut self, register: RegisterId) -> Result<Option<Vec<u8>>> {
        let counts = sqlx::query_scalar!(
            "select counts from register_frequencies where register_id = $1",
            register.0
        );
        Ok(counts.fetch_optional(&mut *self.tx).await?)
    }

    /// Whether [`Register::keep_frequencies`] kept any of this version.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn has_frequencies(&mut self, register: RegisterId) -> Result<bool> {
        let kept = sqlx::query_scalar!(
            r#"select exists (select from register_frequencies where register_id = $1) as "kept!""#,
            register.0
        );
        Ok(kept.fetch_one(&mut *self.tx).await?)
    }

    /// Deletes the persons of versions that are gone, and their index.
    async fn forget(&mut self, registers: &[Uuid]) -> Result<()> {
        if registers.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "delete from register_frequencies where register_id = any($1)",
            registers
        )
        .execute(&mut *self.tx)
        .await?;
        // Also of those that a former program deleted: it knows nothing of this table.
        sqlx::query!(
            "delete from register_keys
             where register_id not in (select id from register_version)"
        )
        .execute(&mut *self.tx)
        .await?;
        sqlx::query!("delete from individual where register_id = any($1)", registers)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}
