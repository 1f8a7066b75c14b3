//! A connection with the owner's login, alone at its work.

use std::str::FromStr;

use secrecy::ExposeSecret;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};
use url::Url;

use crate::error::{DbError, Result};
use crate::names::{literal, quoted};
use crate::operator::Operator;
use crate::roles::{ensure_group, is_race};
use crate::settings::MigrateSettings;

/// Key of the advisory lock that `migrate` and provisioning hold: "dn" and a number of no meaning.
const LOCK: i64 = 0x646e_0001;

/// Tries of something that another database of the same cluster may be doing at the same moment.
pub(crate) const TRIES: u32 = 20;

/// The owner at work: holds the lock until dropped, unless it is another's [`Owner::hand`].
pub(crate) struct Owner {
    pub(crate) connection: PgConnection,
    pub(crate) app_role: String,
    pub(crate) operator: Operator,
}

impl Owner {
    /// Connects and waits for the lock; calls `waiting` if another has it.
    pub(crate) async fn lock(settings: &MigrateSettings, waiting: impl FnOnce()) -> Result<Self> {
        let login = AppLogin::of(settings)?;
        let mut connection = connect(settings).await?;
        let free: bool = sqlx::query_scalar("select pg_try_advisory_lock($1)")
            .bind(LOCK)
            .fetch_one(&mut connection)
            .await?;
        if !free {
            waiting();
            sqlx::query("select pg_advisory_lock($1)")
                .bind(LOCK)
                .execute(&mut connection)
                .await?;
        }
        login.ensure(&mut connection).await?;
        ensure_group(&mut connection).await?;
        Ok(Self {
            connection,
            app_role: login.role,
            operator: settings.operator.clone(),
        })
    }

    /// Another connection for the same work, under the lock of this one. What it commits is not waited for on disk.
    pub(crate) async fn hand(&self, settings: &MigrateSettings) -> Result<Self> {
        let options = options(settings)?.options([("synchronous_commit", "off")]);
        Ok(Self {
            connection: PgConnection::connect_with(&options).await?,
            app_role: self.app_role.clone(),
            operator: self.operator.clone(),
        })
    }

    /// Gives the lock back.
    pub(crate) async fn close(self) -> Result<()> {
        Ok(self.connection.close().await?)
    }
}

/// A connection with the owner's login.
pub(crate) async fn connect(settings: &MigrateSettings) -> Result<PgConnection> {
    Ok(PgConnection::connect_with(&options(settings)?).await?)
}

/// A small pool with the owner's login, for what wants one.
pub(crate) async fn pool(settings: &MigrateSettings) -> Result<PgPool> {
    Ok(PgPoolOptions::new()
        .max_connections(2)
        .connect_with(options(settings)?)
        .await?)
}

fn options(settings: &MigrateSettings) -> Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(settings.url.expose_secret()).map_err(|_| {
        DbError::Settings("database.migrate_url is not the address of a PostgreSQL database".into())
    })?;
    // Says what it did in its report, not by notices in the log.
    Ok(options.options([("client_min_messages", "warning")]))
}

/// Runs statements that are ours alone.
pub(crate) async fn run(connection: &mut PgConnection, sql: String) -> Result<()> {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    Ok(())
}

/// The application's login, as its address names it.
struct AppLogin {
    role: String,
    password: Option<String>,
}

impl AppLogin {
    fn of(settings: &MigrateSettings) -> Result<Self> {
        let refuse = || {
            DbError::Settings(
                "database.url must name the application's login: postgres://dn_app:…@host/dn".into(),
            )
        };
        let url = Url::parse(settings.app_url.expose_secret()).map_err(|_| refuse())?;
        let decode = |text: &str| percent_decode(text).ok_or_else(refuse);
        let role = decode(url.username())?;
        if role.is_empty() {
            return Err(refuse());
        }
        let password = url.password().map(decode).transpose()?;
        Ok(Self { role, password })
    }

    /// Creates the login if there is none, and refuses one that could do more than it should.
    async fn ensure(&self, connection: &mut PgConnection) -> Result<()> {
        let role = quoted(&self.role);
        for _ in 0..TRIES {
            match self.harmless(connection).await? {
                Some(true) => return Ok(()),
                Some(false) => return Err(self.too_mighty()),
                None => {}
            }
            let password = self
                .password
                .as_deref()
                .map(|text| format!("password {}", literal(text)));
            let create = format!(
                "create role {role} login noinherit {}",
                password.unwrap_or_default()
            );
            match run(connection, create).await {
                Err(error) if !is_race(&error) => return Err(error),
                _ => {}
            }
        }
        Err(DbError::Settings(
            format!("the application's login {role} cannot be created").into(),
        ))
    }

    fn too_mighty(&self) -> DbError {
        let role = quoted(&self.role);
        DbError::Settings(
            format!(
                "the application's login must be NOINHERIT and have no other attribute than LOGIN: \
                 alter role {role} noinherit nosuperuser nobypassrls nocreaterole nocreatedb"
            )
            .into(),
        )
    }

    async fn harmless(&self, connection: &mut PgConnection) -> Result<Option<bool>> {
        let sql = "select not (rolinherit or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb) \
                   from pg_roles where rolname = $1";
        Ok(sqlx::query_scalar(sql)
            .bind(&self.role)
            .fetch_optional(connection)
            .await?)
    }
}

/// Undoes percent-encoding, as in the user part of an address.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let pair = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(app_url: &str) -> Result<AppLogin> {
        AppLogin::of(&MigrateSettings::new("postgres://owner@localhost/dn", app_url))
    }

    #[test]
    fn finds_the_login_in_the_address() {
        let app = login("postgres://dn_app:p%40ss%20w@localhost:5432/dn").unwrap();
        assert_eq!(
            (app.role.as_str(), app.password.as_deref()),
            ("dn_app", Some("p@ss w"))
        );
        assert!(login("postgres://localhost/dn").is_err());
        assert!(login("nonsense").is_err());
    }
}
