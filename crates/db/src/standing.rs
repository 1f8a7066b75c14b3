//! In which rights a connection of the pool stands before any département's role is assumed.

use schema::Result;

use crate::pool::{Db, live};

/// What a connection may do as it comes out of the pool. Isolation rests on it: the login must be able to assume
/// départements' roles, and to do nothing else with their data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The login of the connection.
    pub login: String,
    /// The role in force: the login itself.
    pub role: String,
    /// Where unqualified names are looked for: `pg_catalog` alone.
    pub search_path: String,
    /// What the login could do and must not: `superuser`, `inherits its roles`, `member of pg_read_all_data`…
    pub excessive: Vec<String>,
}

impl Standing {
    /// Whether a connection starts as it must: as the login, finding nothing, with no right too many.
    pub fn is_sound(&self) -> bool {
        self.role == self.login && self.search_path == "pg_catalog" && self.excessive.is_empty()
    }
}

impl Db {
    /// How the next connection of the pool stands.
    ///
    /// # Errors
    /// When no connection can be had, or the query fails.
    pub async fn standing(&self) -> Result<Standing> {
        let row = sqlx::query!(
            r#"select session_user::text as "login!", current_user::text as "role!",
                      current_setting('search_path') as "search_path!",
                      array_remove(array[
                          case when me.rolsuper then 'superuser' end,
                          case when me.rolbypassrls then 'bypasses row security' end,
                          case when me.rolinherit then 'inherits its roles' end,
                          case when me.rolcreaterole then 'creates roles' end,
                          case when me.rolcreatedb then 'creates databases' end,
                          case when me.rolreplication then 'replicates' end,
                          case when has_database_privilege(me.oid, current_database(), 'temporary')
                              then 'creates temporary tables' end
                      ] || array(
                          select 'member of ' || granted.rolname
                          from pg_auth_members membership join pg_roles granted on granted.oid = membership.roleid
                          where membership.member = me.oid and granted.rolname not like 'dn\_tenant\_%'
                          order by granted.rolname
                      ), null) as "excessive!"
               from pg_roles me where me.rolname = session_user"#
        )
        .fetch_one(&mut *live(&self.pool).await?)
        .await?;
        Ok(Standing {
            login: row.login,
            role: row.role,
            search_path: row.search_path,
            excessive: row.excessive,
        })
    }
}
