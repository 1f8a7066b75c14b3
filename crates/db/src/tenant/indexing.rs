//! Registers that get keys of a newer version of the program, while the service goes on.

use domain::RegisterId;
use schema::Result;
use sqlx::PgConnection;

use super::register::FlatKeys;

/// Repository of the register that is being indexed anew, piece by piece: each piece is a transaction that takes up the
/// register where the last one left it, does some people, and saves. Killed anywhere, no more than a piece is done again;
/// of two processes at once each does pieces of its own.
#[derive(Debug)]
pub struct Indexing<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Indexing<'_> {
    /// Notes that this version of the register is to have keys of that version. What was noted for the same stays as far
    /// as it is; what was noted for older keys, or another version of the register, is forgotten.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn begin(&mut self, register: RegisterId, keys_version: i32) -> Result<()> {
        sqlx::query!(
            "delete from register_indexing where register_id <> $1",
            register.0
        )
        .execute(&mut *self.tx)
        .await?;
        sqlx::query!(
            "insert into register_indexing (register_id, keys_version) values ($1, $2)
             on conflict (register_id) do update set keys_version = excluded.keys_version, done_to = ''
             where register_indexing.keys_version < excluded.keys_version",
            register.0,
            keys_version,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Takes up the register for this transaction, and tells up to which identifier it is done. `None`: another process
    /// is at it this moment or has just finished it, or another version of the register or of the program has taken its
    /// place.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn take(&mut self, register: RegisterId, keys_version: i32) -> Result<Option<String>> {
        let done_to = sqlx::query_scalar!(
            "select indexing.done_to
             from register_indexing as indexing join register_version on register_version.id = indexing.register_id
             where indexing.register_id = $1 and indexing.keys_version = $2 and register_version.state = 'active'
               and (register_version.keys_version < $2
                    or not exists (select from register_frequencies where register_id = indexing.register_id))
             for update of indexing skip locked",
            register.0,
            keys_version,
        );
        Ok(done_to.fetch_optional(&mut *self.tx).await?)
    }

    /// Adds keys to people of this version, in the order of their identifiers. The keys they have stay: a former version
    /// of the program that is still running finds them by these.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn add_keys(&mut self, register: RegisterId, batch: &[(String, Vec<i64>)]) -> Result<()> {
        let Some((last, _)) = batch.last() else {
            return Ok(());
        };
        let identifiers: Vec<&str> = batch.iter().map(|(identifier, _)| identifier.as_str()).collect();
        let keys = FlatKeys::of(batch.iter().map(|(_, keys)| &**keys))?;
        sqlx::query!(
            "update individual
              set blocks = array(select distinct unnest(individual.blocks || ($5::bigint[])[r.first_key:r.last_key]))
              from unnest($2::text[], $3::integer[], $4::integer[]) as r (identifier, first_key, last_key)
              where individual.register_id = $1 and individual.identifier = r.identifier",
            register.0,
            &identifiers as &[&str],
            &keys.first,
            &keys.last,
            &keys.all,
        )
        .execute(&mut *self.tx)
        .await?;
        sqlx::query!(
            "update register_indexing set done_to = $2 where register_id = $1",
            register.0,
            last,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Says that everybody of this version has keys of that version; `false` when it is no longer the one in force.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn finish(&mut self, register: RegisterId, keys_version: i32) -> Result<bool> {
        let finished = sqlx::query!(
            "update register_version set keys_version = $2 where id = $1 and state = 'active'",
            register.0,
            keys_version,
        )
        .execute(&mut *self.tx)
        .await?;
        sqlx::query!("delete from register_indexing where register_id = $1", register.0)
            .execute(&mut *self.tx)
            .await?;
        Ok(finished.rows_affected() == 1)
    }
}
