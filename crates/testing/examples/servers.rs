//! Starts what a whole run of tests shares, prints its addresses as `NAME=value` lines and then `ready`, and stops
//! when its standard input ends.

use std::io::{Read, Write};

use dn_testing::servers::SeaweedFs;
use sandbox::{Postgres, PostgresOptions};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::Builder::new().prefix("dn-test-postgres-").tempdir()?;
    let (postgres, seaweedfs) = tokio::try_join!(
        Postgres::start(folder.path(), PostgresOptions { durable: false }),
        SeaweedFs::start()
    )?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "DN_TEST_POSTGRES={}", postgres.url("postgres"))?;
    writeln!(out, "DN_TEST_S3={}", seaweedfs.address())?;
    writeln!(out, "ready")?;
    out.flush()?;
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    postgres.stop().await
}
