//! How a transaction ends.

use schema::Result;
use sqlx::{Postgres, Transaction};

/// Commits. PostgreSQL answers the commit of a transaction in which something failed with a rollback and no error, and
/// the driver does not tell the two apart: hence the question before.
pub(crate) async fn commit(mut tx: Transaction<'static, Postgres>) -> Result<()> {
    sqlx::query!("select 1 as sound").fetch_one(&mut *tx).await?;
    Ok(tx.commit().await?)
}

/// Commits a transaction whose last statement added to the audit trail.
///
/// PostgreSQL keeps a transaction's locks until its commit lies on disk: with one trail a département, and one writer a
/// trail, no two of its transactions would ever share a write to disk. So this one commits without waiting for the disk
/// (`synchronous_commit` was switched off with the entries), which frees the lock, and then waits for the disk by a
/// second commit, of nothing but a mark: the log is written in order, so what came before the mark is safe when it is.
/// Nobody is told that anything was saved earlier than that.
pub(crate) async fn commit_last(mut tx: Transaction<'static, Postgres>) -> Result<()> {
    // Whether the transaction was sound, the entries written just before have shown.
    sqlx::query!("commit and chain").execute(&mut *tx).await?;
    sqlx::query!("select pg_logical_emit_message(true, 'dn', '') is null as marked")
        .fetch_one(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}
