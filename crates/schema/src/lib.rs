//! The owner's side of our database: what the tables are, who may touch them, how départements come and go.
//!
//! Apart from `dn-db` for one reason: `dn-db` compiles its queries against a migrated database, so what migrates one
//! must build without it. All SQL here is DDL, written out in `migrations/` or made of names from [`names`].

pub mod error;
pub mod migrate;
pub mod names;
mod operator;
mod owner;
pub mod provision;
mod roles;
mod settings;

pub use error::{DbError, QueryError, Result};
pub use operator::Operator;
pub use settings::{DatabaseSettings, MigrateSettings};
