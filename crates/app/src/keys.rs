//! Keys of départements: a new one for new letters, or the old ones under a new master.

use chrono::{DateTime, Utc};
use domain::Action;
use objects::WrappedKey;
use serde_json::{Value, json};

use crate::departments::Department;
use crate::{App, AppError};

/// What was done to the keys of a département.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeysReport {
    /// Keys the département has.
    pub keys: usize,
    /// Keys that were drawn or wrapped again.
    pub changed: usize,
}

impl App {
    /// Draws a new data key for the letters to come; those before stay readable with theirs.
    ///
    /// # Errors
    /// When the database cannot be asked or no key can be drawn.
    pub async fn rotate_key(
        &self,
        department: &Department,
        now: DateTime<Utc>,
    ) -> Result<KeysReport, AppError> {
        let key = self.new_key(department, now)?;
        let mut tx = self.db().tenant(&department.slug).await?;
        tx.keys().rotate(&key).await?;
        tx.audit()
            .record(self.by_operator(Action::KeyRotated, key.id, Value::Null, now));
        let keys = tx.keys().all().await?.len();
        tx.save().await?;
        Ok(KeysReport { keys, changed: 1 })
    }

    /// Wraps every data key under the current master. Objects are not touched. Once every département is done, the
    /// old master may go from the configuration.
    ///
    /// # Errors
    /// When the database cannot be asked, or a key's master is no longer in the configuration; then nothing changed.
    pub async fn rewrap_keys(
        &self,
        department: &Department,
        now: DateTime<Utc>,
    ) -> Result<KeysReport, AppError> {
        let keyring = &self.inner.edges.keyring;
        let mut tx = self.db().tenant(&department.slug).await?;
        let rows = tx.keys().all().await?;
        let keys = rows.len();
        let mut changed = 0;
        for row in rows {
            let wrapped = WrappedKey {
                id: row.id,
                master: row.master_key_id,
                bytes: row.wrapped,
            };
            if !keyring.is_outdated(&wrapped) {
                continue;
            }
            let again = keyring.rewrap(department.id, &wrapped)?;
            tx.keys().rewrap(row.id, &again.bytes, &again.master).await?;
            let details = json!({ "from": wrapped.master, "to": again.master });
            let rewrapped = self.by_operator(Action::KeyRewrapped, row.id, details, now);
            tx.audit().record(rewrapped);
            changed += 1;
        }
        tx.save().await?;
        Ok(KeysReport { keys, changed })
    }
}
