//! Starts a SeaweedFS for a run of tests, prints its address as a `NAME=value` line and then `ready`, and stops when
//! its standard input ends.

use std::io::{Read, Write};

use dn_testing::servers::SeaweedFs;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let seaweedfs = SeaweedFs::start().await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "DN_TEST_S3={}", seaweedfs.address())?;
    writeln!(out, "ready")?;
    out.flush()?;
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    drop(seaweedfs);
    Ok(())
}
