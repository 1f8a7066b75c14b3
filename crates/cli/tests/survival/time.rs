//! Clocks are set back by an hour: that of the machine the program runs on, and PostgreSQL's.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use testing::people::{DECEDENTS, OTHER_NOTARY};

use crate::ground::{Ground, Store};
use crate::process::{Running, command, run};

const HOUR: i64 = 3600;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_its_clock_an_hour_back_the_service_works_and_says_so() -> Result<()> {
    let ground = Ground::shared(Store::SeaweedFs).await?;
    let clock = Clock::new(&ground)?;
    let serve = || command(&ground.config("web"), &["serve"]);
    let mut service = Running::start(clock.on(serve())?, ground.log("web"))?;
    ground.wait_until_ready(&mut service).await?;
    let before = ground.notary().await?;
    let first = ground.ask(&before, &DECEDENTS[3]).await?;
    ground.until_done().await?;

    // While it runs, as an administrator or a broken time server would.
    clock.set_back(HOUR)?;
    let doctor = run(clock.on(command(&ground.config("web"), &["doctor", "--json"]))?).await?;
    let told: serde_json::Value = serde_json::from_str(&doctor.out).context(doctor.err)?;
    let named = told["checks"]
        .as_array()
        .context("checks")?
        .iter()
        .find(|c| c["name"] == "clock");
    let named = named.context("no check of the clock")?;
    assert_eq!(named["status"], "failed", "{named}");
    assert!(
        named["found"]
            .as_str()
            .is_some_and(|found| found.contains("s behind")),
        "{named}"
    );
    assert!(
        named["mend"].as_str().is_some_and(|mend| mend.contains("NTP")),
        "{named}"
    );

    // Whoever is logged in stays so, and whoever is not can log in: sessions go by one clock.
    ground.ask(&before, &DECEDENTS[3]).await?;
    let other = ground.site.notary(OTHER_NOTARY).await?;
    let late = ground.ask(&other, &DECEDENTS[3]).await?;
    // The order of things is not lost: the later inquiry, dated earlier, is there as well.
    let path = late.url.path().to_owned();
    assert_eq!(other.get(ground.site.at(&path)).await?.status, 200);
    assert_eq!(before.get(first.url.as_str()).await?.status, 200);

    clock.set_back(0)?;
    ground.until_done().await?;
    assert!(service.runs()?, "{}", service.said()?);
    ground.doctor("clock", "ok", &[]).await?;
    // Who logged in before is still logged in. Who did meanwhile seems to have been away for an hour, and is told so.
    let page = before.get(ground.site.at("/demandes")).await?;
    assert_eq!((page.url.path(), page.status.as_u16()), ("/demandes", 200));
    let page = other.get(ground.site.at("/demandes")).await?;
    assert_eq!((page.url.path(), page.status.as_u16()), ("/connexion", 200));
    let other = ground.site.notary(OTHER_NOTARY).await?;
    assert_eq!(other.get(ground.site.at(&path)).await?.status, 200);
    let unissued = "select count(*) from tenant_rhone.letter where issued_at is null";
    assert_eq!(ground.sql(unissued).await?, "0");
    assert_eq!(ground.mails.mails().len(), 3);
    Ok(())
}

/// A clock that processes go by instead of the machine's: libfaketime, told by a file.
struct Clock {
    file: PathBuf,
}

impl Clock {
    fn new(ground: &Ground) -> Result<Self> {
        let clock = Self {
            file: ground.dir.path().join("clock"),
        };
        clock.set_back(0)?;
        Ok(clock)
    }

    /// Sets it so many seconds behind the machine's, for processes that run as well.
    fn set_back(&self, seconds: i64) -> Result<()> {
        Ok(std::fs::write(&self.file, format!("-{seconds}\n"))?)
    }

    /// Has a process go by this clock. Pauses and time limits are the machine's own.
    fn on(&self, mut command: Command) -> Result<Command> {
        command
            .env("LD_PRELOAD", library()?)
            .env("FAKETIME_TIMESTAMP_FILE", &self.file)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("DONT_FAKE_MONOTONIC", "1");
        Ok(command)
    }
}

/// Where Debian puts it.
fn library() -> Result<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib")?.filter_map(|entry| Some(entry.ok()?.path()));
    folders
        .map(|folder| folder.join("faketime/libfaketimeMT.so.1"))
        .find(|file| file.exists())
        .context("libfaketime is missing: `cargo xtask test` installs it")
}
