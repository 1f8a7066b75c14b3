//! The store is away, slow, or its disk is full.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use sandbox::{Browser, Page, S3Endpoint};
use testing::people::DECEDENTS;

use crate::ground::{Ground, Store, is_answer};
use crate::outage;

const UNISSUED: &str = "select count(*) from tenant_rhone.letter where issued_at is null";
/// Letters that were tried and wait.
const WAITING: &str =
    "select count(*) from graphile_worker._private_jobs where attempts > 0 and locked_at is null";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_wait_for_the_store_and_answers_do_not() -> Result<()> {
    let disk = Disk::new()?;
    let mut ground = Ground::shared(Store::Folder(disk.path().to_owned())).await?;
    let mut service = ground.serve(&[]).await?;
    let notary = ground.notary().await?;
    let before = ground.ask(&notary, &DECEDENTS[0]).await?;
    ground.until_done().await?;

    // Away: the answer is given, the letter waits, and a letter that is there cannot be fetched for the moment.
    ground.store.take().context("a store")?.stop().await;
    let page = ground.ask(&notary, &DECEDENTS[0]).await?;
    let told = page.text("main").unwrap_or_default();
    assert!(
        told.contains("récupérable") && told.contains("en préparation"),
        "{told}"
    );
    assert_unavailable(&download(&ground, &notary, &before).await?);
    ground.until(WAITING, "1").await?;
    ground
        .doctor("storage", "failed", &["unavailable", "that the store runs"])
        .await?;
    tokio::time::sleep(outage()).await;
    ground.store = Some(S3Endpoint::start(disk.path()).await?);
    ground.until_done().await?;
    assert_pdf(&download(&ground, &notary, &page).await?);

    // Slow: everything works, later.
    ground.s3.slow_down(Duration::from_millis(1500));
    let page = ground.ask(&notary, &DECEDENTS[2]).await?;
    ground.doctor("storage", "warning", &["slow"]).await?;
    ground.until(UNISSUED, "0").await?;
    assert_pdf(&download(&ground, &notary, &page).await?);
    ground.s3.slow_down(Duration::ZERO);
    ground.until_done().await?;

    // Its disk is full: what is there can be read, what is new waits.
    disk.fill()?;
    let page = ground.ask(&notary, &DECEDENTS[2]).await?;
    ground.until(WAITING, "1").await?;
    ground
        .doctor("storage", "failed", &["HTTP 500", "disk space"])
        .await?;
    assert_pdf(&download(&ground, &notary, &before).await?);
    tokio::time::sleep(outage()).await;
    assert_eq!(ground.sql(UNISSUED).await?, "1");
    disk.free()?;
    ground.until_done().await?;
    assert_pdf(&download(&ground, &notary, &page).await?);
    ground.doctor("jobs", "ok", &[]).await?;

    assert!(service.runs()?, "{}", service.said()?);
    let forms = ground
        .sql("select submission_id from tenant_rhone.inquiry")
        .await?;
    let forms: Vec<_> = forms.lines().map(|id| (id.to_owned(), &["rhone"][..])).collect();
    let truth = ground.check(&notary, &forms).await?;
    assert_eq!((truth.letters, truth.repeated), (4, 0), "{truth:?}");
    Ok(())
}

/// The letter of an answer.
async fn download(ground: &Ground, notary: &Browser, answer: &Page) -> Result<Page> {
    ensure!(is_answer(answer), "{}", answer.url);
    let submission = answer.url.path().trim_start_matches("/demandes/");
    let inquiry = ground
        .sql(&format!(
            "select id from tenant_rhone.inquiry where submission_id = '{submission}'"
        ))
        .await?;
    let path = format!("/demandes/{submission}/{inquiry}/courrier");
    notary.get(ground.site.at(&path)).await
}

fn assert_pdf(page: &Page) {
    assert!(
        page.status == 200 && page.body.starts_with(b"%PDF"),
        "{} {}",
        page.status,
        page.html()
    );
}

fn assert_unavailable(page: &Page) {
    let title = page.text("h1").unwrap_or_default();
    assert_eq!(
        (page.status.as_u16(), title.as_str()),
        (503, "Service momentanément indisponible")
    );
}

/// A small disk, which can be filled: in memory where we may mount one.
struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs"])
            .arg(folder.path())
            .status()?;
        ensure!(
            mounted.success(),
            "a test that fills a disk needs one of its own: run it as root"
        );
        Ok(Self { folder })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    /// Leaves not a byte.
    fn fill(&self) -> Result<()> {
        let full = std::fs::write(self.ballast(), vec![0; 8 << 20]);
        ensure!(
            full.as_ref()
                .is_err_and(|error| error.kind() == std::io::ErrorKind::StorageFull),
            "the disk is not full: {full:?}"
        );
        Ok(())
    }

    fn free(&self) -> Result<()> {
        Ok(std::fs::remove_file(self.ballast())?)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // The folder goes after this, and must be empty of other disks by then.
        drop(
            Command::new("umount")
                .arg("--lazy")
                .arg(self.folder.path())
                .status(),
        );
    }
}
