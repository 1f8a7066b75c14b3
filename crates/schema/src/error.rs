//! What can go wrong at the database, without a word of what was in it.

use std::borrow::Cow;

use domain::DepartmentSlug;

/// Result of a database operation.
pub type Result<T, E = DbError> = std::result::Result<T, E>;

/// A database operation failed.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// No connection could be had, or the server can do nothing for the moment: it is away, starting, stopping, out of
    /// disk or memory, or a standby that only reads.
    #[error("the database cannot be reached")]
    Unreachable(#[source] QueryError),
    /// The département does not exist here, or it is suspended: PostgreSQL refuses its role.
    #[error("the département {0} is not served")]
    TenantUnavailable(DepartmentSlug),
    /// The transaction did not land in the département's schema. Nothing was read.
    #[error("the transaction of département {0} is not in its own schema")]
    WrongSchema(DepartmentSlug),
    /// A query failed.
    #[error("a query failed")]
    Query(#[source] QueryError),
    /// What is stored cannot be read as what it should be.
    #[error("{0} holds a value that this version cannot read")]
    Unreadable(&'static str),
    /// A setting is not usable.
    #[error("{0}")]
    Settings(Cow<'static, str>),
    /// The schema is not what this program's migrations made of it.
    #[error("{0}")]
    Migrations(Cow<'static, str>),
    /// A migration failed.
    #[error("migration {name} failed")]
    Migration {
        /// Its name.
        name: String,
        /// What PostgreSQL said.
        #[source]
        source: QueryError,
    },
    /// No import of this register has begun.
    #[error("no import of this register has begun")]
    UnknownRegister,
    /// There is no such département.
    #[error("there is no département {0}")]
    UnknownDepartment(DepartmentSlug),
    /// A file of an export could not be written.
    #[error("the export could not be written")]
    Export(#[source] std::io::Error),
    /// A département's transaction was given another one's job.
    #[error("a job can only be added by the département it is for")]
    ForeignJob,
    /// The job queue failed.
    #[error("the job queue failed")]
    Queue(#[source] QueryError),
}

/// What PostgreSQL said, stripped of every value: its details may quote rows, and this ends in logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// SQLSTATE, when PostgreSQL answered at all.
    pub code: Option<String>,
    /// Name of the constraint violated.
    pub constraint: Option<String>,
    /// Message, when its class cannot quote a value; otherwise what kind of error it was.
    pub message: String,
}

impl DbError {
    /// The constraint this error says was violated.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Query(error) => error.constraint.as_deref(),
            _ => None,
        }
    }

    /// SQLSTATE of the error, when it comes from PostgreSQL.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Query(error)
            | Self::Unreachable(error)
            | Self::Queue(error)
            | Self::Migration { source: error, .. } => error.code.as_deref(),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        // Protocol: what a proxy in front of a server that is away says, which is nothing.
        let unreachable = matches!(
            error,
            sqlx::Error::Io(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::Tls(_)
        );
        let stripped = QueryError::from(&error);
        // 57P01..03: the server is shutting down or starting; 25006: it only reads, being a standby; class 08: connection
        // lost; 53: out of connections, disk or memory; 58: its own system fails it.
        let away = stripped.code.as_deref().is_some_and(|code| {
            matches!(code, "57P01" | "57P02" | "57P03" | "25006")
                || ["08", "53", "58"].iter().any(|class| code.starts_with(class))
        });
        if unreachable || away {
            Self::Unreachable(stripped)
        } else {
            Self::Query(stripped)
        }
    }
}

impl From<&sqlx::Error> for QueryError {
    fn from(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(inner) => {
                let code = inner.code().map(Cow::into_owned);
                // Classes 22 (data exception) and 23 (integrity) quote values in their messages.
                let quotes = code
                    .as_deref()
                    .is_none_or(|c| c.starts_with("22") || c.starts_with("23"));
                let message = match (&code, quotes) {
                    (Some(code), true) => format!("PostgreSQL refused a value (SQLSTATE {code})"),
                    (Some(code), false) => format!("{} (SQLSTATE {code})", inner.message()),
                    (None, _) => "PostgreSQL refused".to_owned(),
                };
                Self {
                    code,
                    constraint: inner.constraint().map(str::to_owned),
                    message,
                }
            }
            sqlx::Error::Io(io) => Self::plain(format!("connection: {}", io.kind())),
            sqlx::Error::Protocol(_) => Self::plain("the connection ends before it is one"),
            sqlx::Error::PoolTimedOut => Self::plain("no connection became free in time"),
            sqlx::Error::PoolClosed => Self::plain("the pool is closed"),
            sqlx::Error::Tls(_) => Self::plain("TLS with the database failed"),
            sqlx::Error::RowNotFound => Self::plain("a row that must exist is missing"),
            sqlx::Error::ColumnDecode { index, .. } => {
                Self::plain(format!("column {index} cannot be decoded"))
            }
            sqlx::Error::Configuration(_) => Self::plain("the database address is not usable"),
            _ => Self::plain("the database driver failed"),
        }
    }
}

impl QueryError {
    /// An error that PostgreSQL did not tell of.
    pub fn plain(message: impl Into<String>) -> Self {
        Self {
            code: None,
            constraint: None,
            message: message.into(),
        }
    }
}
