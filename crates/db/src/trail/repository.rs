//! The two trails in PostgreSQL: `audit` of a département's schema, and `platform.audit`.

use chrono::{DateTime, Utc};
use schema::Result;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{AuditEntry, Between, TrailFilter, TrailHead, TrailRow, Verification, Verifier};
use crate::read::unreadable;

/// Entries read at once where a whole trail is read.
const BATCH: u32 = 2000;

/// Entries told to a transaction, until it is saved.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    entries: Vec<AuditEntry>,
    /// Whether some were written already.
    written: bool,
}

/// The entries as columns.
#[derive(Default)]
struct Columns<'a> {
    at: Vec<DateTime<Utc>>,
    actor: Vec<&'static str>,
    actor_id: Vec<Option<Uuid>>,
    role: Vec<&'a str>,
    action: Vec<&'static str>,
    object: Vec<Option<&'a str>>,
    purpose: Vec<&'static str>,
    details: Vec<&'a serde_json::Value>,
}

impl<'a> Columns<'a> {
    fn of(entries: &'a [AuditEntry]) -> Self {
        let mut columns = Self::default();
        for entry in entries {
            columns.at.push(entry.at);
            columns.actor.push(entry.actor.kind().code());
            columns.actor_id.push(entry.actor.id());
            columns.role.push(&entry.role);
            columns.action.push(entry.action.code());
            columns.object.push(entry.object.as_deref());
            columns.purpose.push(entry.purpose.code());
            columns.details.push(&entry.details);
        }
        columns
    }
}

struct Record {
    number: i64,
    at: DateTime<Utc>,
    actor: String,
    actor_id: Option<Uuid>,
    role: String,
    action: String,
    object: Option<String>,
    purpose: Option<String>,
    details: String,
    previous: Vec<u8>,
    hash: Vec<u8>,
}

impl TryFrom<Record> for TrailRow {
    type Error = schema::DbError;

    fn try_from(row: Record) -> Result<Self> {
        Ok(Self {
            number: row.number,
            at: row.at,
            actor: row.actor,
            actor_id: row.actor_id,
            role: row.role,
            action: row.action,
            object: row.object,
            purpose: row.purpose,
            details: row.details,
            previous: row.previous.try_into().map_err(unreadable("audit"))?,
            hash: row.hash.try_into().map_err(unreadable("audit"))?,
        })
    }
}

macro_rules! trail {
    ($(#[$doc:meta])* $name:ident in $table:tt, $head:tt) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<'t> {
            pub(crate) tx: &'t mut PgConnection,
            pub(crate) pending: &'t mut Pending,
            pub(crate) schema: String,
        }

        impl $name<'_> {
            /// Adds an entry, written when the transaction is saved or the trail is read.
            pub fn record(&mut self, entry: AuditEntry) {
                self.pending.entries.push(entry);
            }

            /// Entries, the newest first.
            ///
            /// # Errors
            /// When a query fails.
            pub async fn newest(&mut self, filter: &TrailFilter, between: Between, limit: u32) -> Result<Vec<TrailRow>> {
                self.flush().await?;
                let rows = select!($table, "order by number desc limit $9", filter, between, limit);
                rows.fetch_all(&mut *self.tx).await?.into_iter().map(TrailRow::try_from).collect()
            }

            /// Entries, the oldest first.
            ///
            /// # Errors
            /// When a query fails.
            pub async fn oldest(&mut self, filter: &TrailFilter, between: Between, limit: u32) -> Result<Vec<TrailRow>> {
                self.flush().await?;
                let rows = select!($table, "order by number limit $9", filter, between, limit);
                rows.fetch_all(&mut *self.tx).await?.into_iter().map(TrailRow::try_from).collect()
            }

            /// Where the trail ends; `None` when that record was taken away.
            ///
            /// # Errors
            /// When a query fails.
            pub async fn head(&mut self) -> Result<Option<TrailHead>> {
                self.flush().await?;
                let row = sqlx::query!("select number, hash from " + $head + " order by number desc limit 1")
                    .fetch_optional(&mut *self.tx)
                    .await?;
                row.map(|row| {
                    let hash = row.hash.try_into().map_err(unreadable("audit_head"))?;
                    Ok(TrailHead { number: row.number, hash })
                })
                .transpose()
            }

            /// Holds the whole trail against its chain, and against what was noted of it elsewhere. Wants a snapshot:
            /// [`crate::Db::tenant_snapshot`], [`crate::Db::platform_snapshot`].
            ///
            /// # Errors
            /// When a query fails.
            pub async fn verify(&mut self, noted: &[TrailHead]) -> Result<Verification> {
                let mut verifier = Verifier::new(&self.schema, noted);
                let mut between = Between::default();
                loop {
                    let rows = self.oldest(&TrailFilter::default(), between, BATCH).await?;
                    rows.iter().for_each(|row| verifier.add(row));
                    match rows.last() {
                        Some(last) => between.after = Some(last.number),
                        None => return Ok(verifier.finish(self.head().await?)),
                    }
                }
            }

            /// Writes what is pending. Tells whether the transaction has added to the trail.
            pub(crate) async fn flush(&mut self) -> Result<bool> {
                if self.pending.entries.is_empty() {
                    return Ok(self.pending.written);
                }
                let columns = Columns::of(&self.pending.entries);
                // The lock on the trail is not held while the disk writes: see `crate::commit`.
                sqlx::query!(
                    "insert into " + $table + " (at, actor, actor_id, role, action, object, purpose, details)
                     select at, actor, actor_id, role, action, object, purpose, details
                     from unnest($1::timestamptz[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[],
                                 $7::text[], $8::jsonb[])
                          with ordinality as e(at, actor, actor_id, role, action, object, purpose, details, place)
                     where set_config('synchronous_commit', 'off', true) is not null
                     order by place",
                    &columns.at,
                    &columns.actor as &[&str],
                    &columns.actor_id as &[Option<Uuid>],
                    &columns.role as &[&str],
                    &columns.action as &[&str],
                    &columns.object as &[Option<&str>],
                    &columns.purpose as &[&str],
                    &columns.details as &[&serde_json::Value],
                )
                .execute(&mut *self.tx)
                .await?;
                self.pending.entries.clear();
                self.pending.written = true;
                Ok(true)
            }
        }
    };
}

macro_rules! select {
    ($table:tt, $rest:tt, $filter:ident, $between:ident, $limit:ident) => {
        sqlx::query_as!(
            Record,
            r#"select number, at, actor, actor_id, role, action, object, purpose, details::text as "details!",
                      previous, hash
               from "#
                + $table
                + " where ($1::bigint is null or number > $1)
                 and ($2::bigint is null or number < $2)
                 and ($3::timestamptz is null or at >= $3)
                 and ($4::timestamptz is null or at < $4)
                 and ($5::text is null or action = $5)
                 and ($6::text is null or actor = $6)
                 and ($7::uuid is null or actor_id = $7)
                 and ($8::text is null or object = $8) "
                + $rest,
            $between.after,
            $between.before,
            $filter.from,
            $filter.until,
            $filter.action.map(|action| action.code()),
            $filter.actor.map(|actor| actor.code()),
            $filter.actor_id,
            $filter.object,
            i64::from($limit),
        )
    };
}

trail! {
    /// The audit trail of a département.
    Audit in "audit", "audit_head"
}

trail! {
    /// The audit trail of what belongs to no département.
    PlatformAudit in "platform.audit", "platform.audit_head"
}
