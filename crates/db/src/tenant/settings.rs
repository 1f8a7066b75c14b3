//! A département's settings and letterhead kit.

use chrono::{DateTime, Utc};
use domain::TenantSettings;
use sqlx::PgConnection;

use crate::read::unreadable;

use schema::{DbError, Result};

/// A file of the letterhead kit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KitFile {
    /// File name, as `tenant.toml` names it.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// The settings in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSettings {
    /// `tenant.toml`.
    pub settings: TenantSettings,
    /// The files it names, by name.
    pub kit: Vec<KitFile>,
    /// Counts the changes.
    pub revision: i64,
    /// When they were last changed.
    pub updated_at: DateTime<Utc>,
}

/// What became of settings handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The revision in force.
    pub revision: i64,
    /// Whether anything differed.
    pub changed: bool,
}

/// Repository of settings.
#[derive(Debug)]
pub struct Settings<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Settings<'_> {
    /// The settings in force; `None` before the first `apply`. They cannot change until the transaction ends.
    ///
    /// # Errors
    /// When the query fails, or a newer version wrote what this one cannot read.
    pub async fn get(&mut self) -> Result<Option<StoredSettings>> {
        // Held, so that the files read next are of the same revision.
        let row = sqlx::query!("select content, revision, updated_at from settings for share")
            .fetch_optional(&mut *self.tx)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let kit = sqlx::query_as!(KitFile, "select name, bytes from kit_file order by name")
            .fetch_all(&mut *self.tx)
            .await?;
        Ok(Some(StoredSettings {
            settings: serde_json::from_value(row.content).map_err(unreadable("settings"))?,
            kit,
            revision: row.revision,
            updated_at: row.updated_at,
        }))
    }

    /// Keeps the settings in force under their revision, if they are not yet: letters are drawn at a revision, and
    /// have its letterhead whenever they are rendered.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn keep(&mut self, stored: &StoredSettings) -> Result<()> {
        let kept = sqlx::query!(
            "insert into settings_version (revision, content, updated_at)
             select revision, content, updated_at from settings where revision = $1
             on conflict (revision) do nothing",
            stored.revision,
        )
        .execute(&mut *self.tx)
        .await?;
        if kept.rows_affected() == 1 {
            sqlx::query!(
                "insert into kit_version_file (revision, name, bytes) select $1, name, bytes from kit_file",
                stored.revision,
            )
            .execute(&mut *self.tx)
            .await?;
        }
        Ok(())
    }

    /// The settings of a revision that was kept.
    ///
    /// # Errors
    /// When the query fails, or this version cannot read what another wrote.
    pub async fn version(&mut self, revision: i64) -> Result<Option<StoredSettings>> {
        let row = sqlx::query!(
            "select content, updated_at from settings_version where revision = $1",
            revision
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let kit = sqlx::query_as!(
            KitFile,
            "select name, bytes from kit_version_file where revision = $1 order by name",
            revision
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(Some(StoredSettings {
            settings: serde_json::from_value(row.content).map_err(unreadable("settings_version"))?,
            kit,
            revision,
            updated_at: row.updated_at,
        }))
    }

    /// Replaces settings and kit. Unchanged content keeps the revision and writes nothing.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn apply(
        &mut self,
        settings: &TenantSettings,
        kit: &[KitFile],
        at: DateTime<Utc>,
    ) -> Result<Applied> {
        let mut kit = kit.to_vec();
        kit.sort_by(|a, b| a.name.cmp(&b.name));
        // What an older version wrote and this one cannot read is simply replaced.
        let stored = match self.get().await {
            Err(DbError::Unreadable(_)) => None,
            stored => stored?,
        };
        if let Some(stored) = stored.filter(|stored| stored.settings == *settings && stored.kit == kit) {
            return Ok(Applied {
                revision: stored.revision,
                changed: false,
            });
        }
        let content = serde_json::to_value(settings).map_err(unreadable("settings"))?;
        let revision = sqlx::query_scalar!(
            "insert into settings as s (content, revision, updated_at) values ($1, 1, $2)
             on conflict (one) do update set
                 content = excluded.content, revision = s.revision + 1, updated_at = excluded.updated_at
             returning revision",
            content,
            at,
        )
        .fetch_one(&mut *self.tx)
        .await?;
        self.replace_kit(&kit).await?;
        Ok(Applied {
            revision,
            changed: true,
        })
    }

    async fn replace_kit(&mut self, kit: &[KitFile]) -> Result<()> {
        sqlx::query!("delete from kit_file")
            .execute(&mut *self.tx)
            .await?;
        for file in kit {
            sqlx::query!(
                "insert into kit_file (name, bytes) values ($1, $2)",
                file.name,
                file.bytes
            )
            .execute(&mut *self.tx)
            .await?;
        }
        Ok(())
    }
}
