//! What the queue does not mend by itself: jobs that nobody would take for a long time although they are due.
//!
//! An answer of PostgreSQL can be lost after it did what was asked: a worker then holds a job that it does not know of,
//! for as long as it lives. And PostgreSQL's clock may be set back: what was due is then due in an hour.

use std::convert::Infallible;
use std::time::Duration;

use schema::{DbError, Result};
use sqlx::PgPool;

use crate::pool::live;

/// How often the queue is looked after.
const INTERVAL: Duration = Duration::from_secs(30);

/// Looks after the queue for ever. Every worker may: what one mended, another finds in order.
pub(super) async fn tend(pool: &PgPool) -> Infallible {
    loop {
        match mend(pool).await {
            Ok(0) => {}
            Ok(jobs) => tracing::warn!(jobs, "jobs that were left lying are taken up again"),
            Err(error) => tracing::debug!(%error, "the queue cannot be looked after now"),
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Puts right what is wrong by the queue's own rules; tells how many jobs that were.
pub(super) async fn mend(pool: &PgPool) -> Result<u64> {
    let connection = &mut *live(pool).await?;
    // Longer than any attempt takes: the store gets three times twenty seconds, the relay twenty for each command.
    let released = sqlx::query!(
        "update graphile_worker._private_jobs set locked_by = null, locked_at = null
         where locked_at < now() - interval '5 minutes'"
    );
    let released = released.execute(&mut *connection).await.map_err(DbError::from)?;
    // A failure puts a job off by e to the number of its attempts, in seconds; whatever lies further ahead was
    // written by a clock that has been set back since. So were locks and signs of life from the future.
    let due = sqlx::query!(
        "update graphile_worker._private_jobs set run_at = now()
         where locked_at is null
           and run_at > now() + (exp(least(attempts, 10)) + 60) * interval '1 second'"
    );
    let due = due.execute(&mut *connection).await.map_err(DbError::from)?;
    let locks = sqlx::query!(
        "update graphile_worker._private_jobs set locked_at = now() where locked_at > now() + interval '1 minute'"
    );
    locks.execute(&mut *connection).await.map_err(DbError::from)?;
    let workers = sqlx::query!(
        "update graphile_worker._private_workers set last_heartbeat_at = now()
         where last_heartbeat_at > now() + interval '1 minute'"
    );
    workers.execute(&mut *connection).await.map_err(DbError::from)?;
    Ok(released.rows_affected() + due.rows_affected())
}
