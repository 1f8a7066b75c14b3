//! Starts a PostgreSQL for a run of tests, prints its addresses as `NAME=value` lines and then `ready`, and stops when
//! its standard input ends.

use std::io::{Read, Write};

use dn_sandbox::Postgres;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let postgres = Postgres::disposable().await?;
    // What the queries of `dn-db` are checked against: an owner, and the application's own role.
    postgres.create_role("dn_owner", "createrole").await?;
    postgres.create_role("dn_app", "noinherit").await?;
    postgres.create_database("dn_queries", "dn_owner").await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "DN_TEST_POSTGRES={}", postgres.url("postgres"))?;
    writeln!(out, "DN_QUERIES={}", postgres.url_as("dn_owner", "dn_queries"))?;
    writeln!(out, "ready")?;
    out.flush()?;
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    postgres.stop().await
}
