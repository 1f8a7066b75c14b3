//! PostgreSQL is restarted while people work, in order and abruptly.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sandbox::{Browser, Halt};
use testing::Site;
use testing::people::{COLLEAGUE, DECEDENTS, NOTARY};

use crate::ground::{Cluster, Ground, PATIENCE, Store, is_answer};
use crate::outage;
use crate::steps::fields;

const BOTH: &[&str] = &["rhone", "isere"];
/// People who send form after form.
const PEOPLE: [&str; 4] = [NOTARY, COLLEAGUE, NOTARY, COLLEAGUE];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarted_under_load_postgresql_finds_everything_again() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut ground = Ground::own(Store::Folder(folder.path().to_owned())).await?;
    let mut service = ground.serve(&[]).await?;
    let load = Arc::new(Load::default());
    let mut people = Vec::new();
    for subject in PEOPLE {
        let (load, site) = (Arc::clone(&load), ground.site.clone());
        let browser = site.notary(subject).await?;
        people.push(tokio::spawn(async move {
            let forms = load.work(&site, &browser).await;
            load.gone.fetch_add(1, Ordering::SeqCst);
            forms
        }));
    }
    for halt in [Halt::Fast, Halt::Immediate, Halt::Immediate] {
        load.until_answered(8).await?;
        let Cluster::Own(postgres) = &mut ground.postgres else {
            anyhow::bail!("not ours")
        };
        postgres.halt(halt).await?;
        if halt == Halt::Fast {
            ground.while_away(&load).await?;
        }
        let Cluster::Own(postgres) = &mut ground.postgres else {
            anyhow::bail!("not ours")
        };
        postgres.resume().await?;
    }
    load.until_answered(8).await?;
    load.over.store(true, Ordering::SeqCst);
    let mut forms = Vec::new();
    for person in people {
        let theirs = person.await?;
        let theirs = theirs.with_context(|| service.said().unwrap_or_default())?;
        forms.extend(theirs.into_iter().map(|id| (id, BOTH)));
    }
    assert!(load.refused.load(Ordering::SeqCst) > 0, "nobody noticed");
    assert!(service.runs()?, "{}", service.said()?);
    ground.doctor("database", "ok", &[]).await?;
    let notary = ground.notary().await?;
    let truth = ground.check(&notary, &forms).await?;
    assert_eq!(truth.inquiries, 2 * forms.len(), "{truth:?}");
    println!(
        "{} forms, {} told to come back: {truth:?}",
        forms.len(),
        load.refused.load(Ordering::SeqCst)
    );
    Ok(())
}

impl Ground {
    /// What is seen while PostgreSQL is away.
    async fn while_away(&self, load: &Load) -> Result<()> {
        let browser = Browser::new()?;
        let ready = browser.get(self.site.at("/sante/pret")).await?;
        ensure!(ready.status == 503, "{}", ready.status);
        let alive = browser.get(self.site.at("/sante/vivant")).await?;
        ensure!(alive.status == 200, "{}", alive.status);
        self.doctor("database", "failed", &["cannot be reached", "PostgreSQL runs"])
            .await?;
        tokio::time::sleep(outage()).await;
        let deadline = Instant::now() + PATIENCE;
        while load.refused.load(Ordering::SeqCst) == 0 {
            ensure!(Instant::now() < deadline, "nobody was told to come back");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }
}

/// People at work, and what they saw.
#[derive(Default)]
struct Load {
    over: AtomicBool,
    answered: AtomicUsize,
    /// Times somebody was shown the page that says to come back.
    refused: AtomicUsize,
    /// Of them, how many have stopped.
    gone: AtomicUsize,
}

impl Load {
    /// Sends forms until it is over, each again until it is answered; returns their ids.
    async fn work(&self, site: &Site, browser: &Browser) -> Result<Vec<String>> {
        let mut forms = Vec::new();
        while !self.over.load(Ordering::SeqCst) {
            let form = loop {
                let form = browser.get(site.at("/demandes/nouvelle")).await?;
                if form.status == 200 {
                    break form;
                }
                self.is_told(&form).await?;
            };
            loop {
                let page = browser
                    .submit(&form, "main form", &fields(&DECEDENTS[3], BOTH))
                    .await?;
                if is_answer(&page) {
                    forms.push(page.url.path().trim_start_matches("/demandes/").to_owned());
                    break;
                }
                self.is_told(&page).await?;
            }
            self.answered.fetch_add(1, Ordering::SeqCst);
        }
        Ok(forms)
    }

    /// Whoever cannot be answered is told so on a page, in French, with the right status.
    async fn is_told(&self, page: &sandbox::Page) -> Result<()> {
        self.refused.fetch_add(1, Ordering::SeqCst);
        let told = page.text("main").context("not a page")?;
        // The form may have reached one département and not the other: then its page says which.
        let partly = page.status == 200 && told.contains("Pas encore interrogé");
        let away =
            page.status == 503 && (told.contains("indisponible") || told.contains("Pas encore interrogé"));
        ensure!(partly || away, "{} {}: {told}", page.status, page.url);
        tokio::time::sleep(Duration::from_millis(200)).await;
        Ok(())
    }

    /// Waits until so many more forms are answered.
    async fn until_answered(&self, more: usize) -> Result<()> {
        let (wanted, deadline) = (
            self.answered.load(Ordering::SeqCst) + more,
            Instant::now() + PATIENCE,
        );
        while self.answered.load(Ordering::SeqCst) < wanted {
            // What they saw is told when they are waited for.
            if self.gone.load(Ordering::SeqCst) > 0 {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "nobody is answered any more");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}
