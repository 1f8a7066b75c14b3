//! The store is away, slow, or its disk is full.

use std::fs::Permissions;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
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

/// A disk that can be filled: a small one of its own where we may mount one, or else a folder that takes nothing more.
struct Disk {
    folder: tempfile::TempDir,
    mounted: bool,
}

impl Disk {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null());
        let mounted = mount.status().is_ok_and(|status| status.success());
        Ok(Self { folder, mounted })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    /// Leaves not a byte.
    fn fill(&self) -> Result<()> {
        if !self.mounted {
            return set_modes(self.path(), 0o500);
        }
        let full = std::fs::write(self.ballast(), vec![0; 8 << 20]);
        ensure!(
            full.as_ref()
                .is_err_and(|error| error.kind() == ErrorKind::StorageFull),
            "the disk is not full: {full:?}"
        );
        Ok(())
    }

    fn free(&self) -> Result<()> {
        match self.mounted {
            true => Ok(std::fs::remove_file(self.ballast())?),
            false => set_modes(self.path(), 0o700),
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            // The folder goes after this, and must be empty of other disks by then.
            drop(Command::new("umount").arg("--lazy").arg(self.path()).status());
        } else {
            drop(set_modes(self.path(), 0o700));
        }
    }
}

/// Of a folder and those below it.
fn set_modes(folder: &Path, mode: u32) -> Result<()> {
    std::fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            set_modes(&entry.path(), mode)?;
        }
    }
    Ok(std::fs::set_permissions(folder, Permissions::from_mode(mode))?)
}
