//! The index of a register's blocking keys, and registers that a newer version of the program indexes anew.

use domain::RegisterId;
use schema::Result;
use sqlx::PgConnection;

/// Repository of the pages of a register's index, which the matching engine writes and reads. It is made with the
/// import, or anew for another version of the program: then in one transaction too, `begin`, `take`, `number`,
/// `clear`, `add_pages`, `finish`, `save()`. Killed before, the register is as it was.
#[derive(Debug)]
pub struct Indexing<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Indexing<'_> {
    /// Those of these pages that hold something.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn pages(&mut self, register: RegisterId, pages: &[i32]) -> Result<Vec<Vec<u8>>> {
        // In a select of its own, as in `Register::by_numbers`.
        let entries = sqlx::query_scalar!(
            "select entries from register_keys
             where register_id = $1 and page = any((select $2::integer[])::integer[])",
            register.0,
            pages,
        );
        Ok(entries.fetch_all(&mut *self.tx).await?)
    }

    /// Adds pages; some thousands at once are quickest.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn add_pages(&mut self, register: RegisterId, pages: &[(i32, Vec<u8>)]) -> Result<()> {
        let numbers: Vec<i32> = pages.iter().map(|(number, _)| *number).collect();
        let entries: Vec<&[u8]> = pages.iter().map(|(_, entries)| &**entries).collect();
        sqlx::query!(
            "insert into register_keys (register_id, page, entries)
             select $1, page, entries from unnest($2::integer[], $3::bytea[]) as pages (page, entries)",
            register.0,
            &numbers,
            &entries as &[&[u8]],
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Notes that this version of the register is to have an index of that version. What was noted for another version of
    /// the register is forgotten.
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
             on conflict (register_id) do update set keys_version = excluded.keys_version
             where register_indexing.keys_version < excluded.keys_version",
            register.0,
            keys_version,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Takes up the register for this transaction. `false`: another process is at it this moment or has just finished it,
    /// or another version of the register or of the program has taken its place.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn take(&mut self, register: RegisterId, keys_version: i32) -> Result<bool> {
        let taken = sqlx::query!(
            "select indexing.register_id
             from register_indexing as indexing join register_version on register_version.id = indexing.register_id
             where indexing.register_id = $1 and indexing.keys_version = $2 and register_version.state = 'active'
               and (register_version.keys_version < $2
                    or not exists (select from register_frequencies where register_id = indexing.register_id))
             for update of indexing skip locked",
            register.0,
            keys_version,
        );
        Ok(taken.fetch_optional(&mut *self.tx).await?.is_some())
    }

    /// Numbers the people of a version that a program of before numbers imported.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn number(&mut self, register: RegisterId) -> Result<()> {
        sqlx::query!(
            "update individual set number = counted.number
             from (select identifier, row_number() over (order by identifier) - 1 as number
                   from individual where register_id = $1) as counted
             where individual.register_id = $1 and individual.identifier = counted.identifier
               and individual.number is null",
            register.0,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Takes away the index there is.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn clear(&mut self, register: RegisterId) -> Result<()> {
        sqlx::query!("delete from register_keys where register_id = $1", register.0)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Says that this version is indexed by that version of the program, and how; `false` when it is no longer the one in
    /// force.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn finish(&mut self, register: RegisterId, keys_version: i32, page_bits: i16) -> Result<bool> {
        let finished = sqlx::query!(
            "update register_version set keys_version = $2, page_bits = $3 where id = $1 and state = 'active'",
            register.0,
            keys_version,
            page_bits,
        )
        .execute(&mut *self.tx)
        .await?;
        sqlx::query!("delete from register_indexing where register_id = $1", register.0)
            .execute(&mut *self.tx)
            .await?;
        Ok(finished.rows_affected() == 1)
    }
}
